package dev.fairway.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The parent of a process that may outlive the JVM: a few lines of `/bin/sh` that run the command, hand on TERM, reap
/// orphans when they are process 1, and write the exit code where a later JVM finds it.
final class Shim {

    static final String SHELL = "/bin/sh";

    /// By which the script keeps the pipe of the input open.
    static final String INPUT_DESCRIPTOR = "3";

    /// Arguments: the exit file, whether the pid namespace is new, the root if not the machine's, the pipe of the input
    /// if there is one, the command in one word if it wants a terminal, and then the command.
    ///
    /// A shell starts background commands with INT and QUIT ignored; `env --default-signal` undoes that where it is
    /// known. `wait` also returns when a signal came in, so it is repeated; when the command ended at that moment
    /// the repetition knows it no more (127), and the first result counts. Descriptor 3 keeps the input open until
    /// USR1 or the file `INPUT.end` says that nothing comes any more.
    private static final String SCRIPT = """
        exit_file=$1
        own_pids=$2
        root=$3
        input=$4
        terminal=$5
        shift 5
        child=
        code=
        interrupted=
        finish() {
            echo "$1" > "$exit_file.part" && command -p mv -f "$exit_file.part" "$exit_file"
            exit "$1"
        }
        terminate() {
            told=$child
            [ -z "$terminal" ] || told=$(command -p cat "/proc/$child/task/$child/children")
            kill -TERM $told 2> /dev/null
        }
        trap 'interrupted=yes; [ -z "$child" ] || terminate' TERM
        trap 'interrupted=yes; exec 3>&-' USR1
        trap 'interrupted=yes' HUP INT QUIT
        if [ "$own_pids" = yes ]; then
            command -p mount -t proc proc /proc || finish 125
            [ -z "$root" ] || command -p mount -t proc proc "$root/proc" || finish 125
        fi
        if [ -n "$input" ]; then
            exec 3<> "$input" 4< "$input"
        else
            exec 4<&0
        fi
        if [ -n "$terminal" ]; then
            set -- /usr/bin/env SHELL=/bin/sh /usr/bin/script -q -f -e -E always -c "$terminal" /dev/null
        elif /usr/bin/env --default-signal=INT,QUIT true 2> /dev/null; then
            set -- /usr/bin/env --default-signal=INT,QUIT "$@"
        fi
        [ -z "$interrupted" ] || [ -n "$input" ] || finish 143
        "$@" <&4 3>&- 4<&- &
        child=$!
        exec 4<&-
        [ -z "$input" ] || [ ! -e "$input.end" ] || exec 3>&-
        [ -z "$interrupted" ] || [ -n "$input" ] || terminate
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

    /// @param command to be run on the machine's root
    static List<String> arguments(ProcessSpec spec, List<String> command) {
        List<String> arguments = new ArrayList<>(List.of("sh", "-c", SCRIPT, "fairway-shim"));
        arguments.add(spec.exitFile().toAbsolutePath().toString());
        arguments.add(spec.isolation().ownPids() ? "yes" : "no");
        arguments.add(
                spec.isolation().root().map(root -> root.path().toString()).orElse(""));
        String input = "";
        String terminal = "";
        if (spec.stdio() instanceof Stdio.Attachable attachable) {
            input = attachable.input().toAbsolutePath().toString();
            terminal = attachable.terminal() ? quoted(command) : "";
        }
        arguments.add(input);
        arguments.add(terminal);
        arguments.addAll(command);
        return arguments;
    }

    /// For a shell that becomes the command: a signal for the shell would not reach a child of it.
    private static String quoted(List<String> words) {
        return words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "exec ", ""));
    }
}
