package dev.fairway.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The repository that this test is part of, as git knows it.
record Repository(Path root) {

    static Repository find() {
        Path here = Path.of("").toAbsolutePath();
        return Stream.iterate(here, path -> path != null, Path::getParent)
                .filter(path -> Files.exists(path.resolve("pom.xml")) && Files.exists(path.resolve(".git")))
                .findFirst()
                .map(Repository::new)
                .orElseThrow(() -> new IllegalStateException("no repository above " + here));
    }

    /// Tracked files and those about to be added, without those about to be deleted.
    List<String> files() {
        return git("ls-files", "--cached", "--others", "--exclude-standard")
                .lines()
                .distinct()
                .filter(path -> Files.isRegularFile(root.resolve(path)))
                .toList();
    }

    List<JavaSource> javaSources() {
        return files().stream()
                .filter(path -> path.endsWith(".java"))
                .map(path -> new JavaSource(path, read(path)))
                .toList();
    }

    String read(String path) {
        try {
            return Files.readString(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException("read " + path, e);
        }
    }

    String git(String... arguments) {
        try {
            Process process = new ProcessBuilder(
                            Stream.concat(Stream.of("git", "-C", root.toString()), Stream.of(arguments))
                                    .toList())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("git " + String.join(" ", arguments) + " failed");
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException("run git", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while git ran", e);
        }
    }
}
