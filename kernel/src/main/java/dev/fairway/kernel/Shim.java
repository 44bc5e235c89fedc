package dev.fairway.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The parent of a process that may outlive the JVM: a few lines of `/bin/sh` that run the command, hand on TERM, reap
/// orphans when they are process 1, and write the exit code where a later JVM finds it.
final class Shim {

    static final String SHELL = "/bin/sh";

    /// Arguments: the exit file, whether the pid namespace is new, the command.
    ///
    /// A shell starts background commands with INT and QUIT ignored; `env --default-signal` undoes that where it is
    /// known. `wait` also returns when a signal came in, so it is repeated; when the command ended at that moment
    /// the repetition knows it no more (127), and the first result counts.
    private static final String SCRIPT = """
            exit_file=$1
            own_pids=$2
            shift 2
            child=
            code=
            interrupted=
            finish() {
                echo "$1" > "$exit_file.part" && command -p mv -f "$exit_file.part" "$exit_file"
                exit "$1"
            }
            trap 'interrupted=yes; [ -z "$child" ] || kill -TERM "$child" 2> /dev/null' TERM
            trap 'interrupted=yes' HUP INT QUIT
            if [ "$own_pids" = yes ]; then
                command -p mount -t proc proc /proc || finish 125
            fi
            if /usr/bin/env --default-signal=INT,QUIT true 2> /dev/null; then
                set -- /usr/bin/env --default-signal=INT,QUIT "$@"
            fi
            [ -z "$interrupted" ] || finish 143
            "$@" <&0 &
            child=$!
            [ -z "$interrupted" ] || kill -TERM "$child" 2> /dev/null
            while :; do
                interrupted=
                wait "$child"
                got=$?
                [ -n "$code" ] && [ "$got" -eq 127 ] || code=$got
                [ -n "$interrupted" ] || break
            done
            finish "$code"
            """;

    private Shim() {}

    static List<String> arguments(Path exitFile, boolean ownPids, Path program, List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", SCRIPT, "fairway-shim"));
        arguments.add(exitFile.toAbsolutePath().toString());
        arguments.add(ownPids ? "yes" : "no");
        arguments.add(program.toAbsolutePath().toString());
        arguments.addAll(command.subList(1, command.size()));
        return arguments;
    }
}
