package dev.fairway.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Finds programs as a shell does.
final class Programs {

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private Programs() {}

    /// The program's absolute name in `root`: itself when it has a slash, else the first executable in PATH.
    ///
    /// @throws KernelException ENOENT when there is none, EACCES when it cannot be executed
    static String find(String program, Map<String, String> environment, Path workingDirectory, Path root) {
        if (program.indexOf('/') >= 0) {
            Path named = workingDirectory.resolve(program);
            check(program, RootPath.resolve(root, named));
            return named.toString();
        }
        String path = environment.getOrDefault("PATH", DEFAULT_PATH);
        return List.of(path.split(":")).stream()
                .map(folder -> workingDirectory.resolve(folder).resolve(program))
                .filter(file -> isProgram(RootPath.resolve(root, file)))
                .map(Path::toString)
                .findFirst()
                .orElseThrow(() -> new KernelException(
                        "start", program, Errno.ENOENT, "no executable file of that name in PATH " + path));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static void check(String program, Path file) {
        if (!Files.exists(file)) {
            throw new KernelException("start", program, Errno.ENOENT, "no such file");
        }
        if (!isProgram(file)) {
            throw new KernelException("start", program, Errno.EACCES, "not an executable file");
        }
    }
}
