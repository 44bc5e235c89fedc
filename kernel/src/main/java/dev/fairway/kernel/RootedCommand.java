package dev.fairway.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The command line, run on the machine's root, that runs a command in another root and as somebody else: `unshare` of
/// util-linux changes the root, `setpriv` the credentials. To be made where the root is mounted.
final class RootedCommand {

    private static final List<Path> SETPRIV = List.of(Path.of("/usr/bin/setpriv"), Path.of("/bin/setpriv"));

    private RootedCommand() {}

    /// @param root as the machine's root names it; empty to stay there
    /// @throws KernelException ENOENT or EACCES when the program cannot be used
    static List<String> of(
            Optional<Path> root,
            List<String> command,
            Map<String, String> environment,
            Path workingDirectory,
            Credentials credentials) {
        Path base = root.orElse(Path.of("/"));
        String program = Programs.find(command.getFirst(), environment, workingDirectory, base);
        List<String> plain =
                Stream.concat(Stream.of(program), command.stream().skip(1)).toList();
        if (root.isEmpty() && credentials.equals(Credentials.ROOT)) {
            return plain;
        }
        List<String> out = new ArrayList<>(List.of(
                Programs.find("unshare", Map.of(), Path.of("/"), Path.of("/")),
                "--root=" + base,
                "--wd=" + workingDirectory));
        Optional<Path> setpriv = SETPRIV.stream()
                .filter(file -> Files.isExecutable(RootPath.resolve(base, file)))
                .findFirst();
        if (credentials.equals(Credentials.ROOT)) {
            out.add("--");
        } else if (setpriv.isPresent()) {
            out.add("--");
            out.add(setpriv.get().toString());
            out.addAll(options(credentials));
            out.add("--");
        } else { // an image without it: supplementary groups and capabilities stay as they are
            out.addAll(List.of("--setgid=" + credentials.group(), "--setuid=" + credentials.user(), "--"));
        }
        out.addAll(plain);
        return out;
    }

    private static List<String> options(Credentials credentials) {
        List<String> out = new ArrayList<>();
        credentials.capabilities().ifPresent(names -> out.add("--bounding-set=" + names));
        out.add("--reuid=" + credentials.user());
        out.add("--regid=" + credentials.group());
        String groups = credentials.groups().stream().map(String::valueOf).collect(Collectors.joining(","));
        out.add(groups.isEmpty() ? "--clear-groups" : "--groups=" + groups);
        if (credentials.gainsNothing()) {
            out.add("--no-new-privs");
        }
        return out;
    }
}
