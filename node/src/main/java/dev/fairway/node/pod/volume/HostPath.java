package dev.fairway.node.pod.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The types of hostPath volumes: what must be at the path, or is made there.
final class HostPath {

    private static final int FILE_TYPE = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPath() {}

    static void check(Path path, String type) throws MountRefused, IOException {
        switch (type) {
            case "DirectoryOrCreate" -> Files.createDirectories(path);
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                }
            }
            default -> {
                // the others make nothing
            }
        }
        boolean fits = switch (type) {
            case "Directory", "DirectoryOrCreate" -> Files.isDirectory(path);
            case "File", "FileOrCreate" -> Files.isRegularFile(path);
            case "Socket" -> is(path, SOCKET);
            case "CharDevice" -> is(path, CHARACTER_DEVICE);
            case "BlockDevice" -> is(path, BLOCK_DEVICE);
            default -> true;
        };
        if (!fits) {
            throw new MountRefused("hostPath type check failed: " + path + " is not a " + name(type));
        }
        if (!Files.exists(path)) { // without a type container runtimes make a folder
            Files.createDirectories(path);
        }
    }

    private static boolean is(Path path, int type) throws IOException {
        return Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == type;
    }

    private static String name(String type) {
        return switch (type) {
            case "Directory", "DirectoryOrCreate" -> "directory";
            case "File", "FileOrCreate" -> "file";
            case "Socket" -> "socket file";
            case "CharDevice" -> "character device";
            default -> "block device";
        };
    }
}
