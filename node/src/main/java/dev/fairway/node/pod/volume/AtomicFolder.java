package dev.fairway.node.pod.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A folder whose files change all at once, laid out as programs know it from Kubernetes: readers that watch `..data`
/// see it replaced.
///
/// ```
/// ..2026_01_02_03_04_05.123/key    one revision's files
/// ..data -> ..2026_01_02_03_04_05.123
/// key -> ..data/key
/// ```
record AtomicFolder(Path path) {

    private static final String DATA = "..data";

    /// Makes the folder hold these files and no others; nothing is touched when it does already.
    ///
    /// @param wanted by path within the folder
    /// @param group that the files are given to, if any; it may read what the owner reads
    /// @param revision a name for this state that was never used before
    void write(SortedMap<String, VolumeFile> wanted, Optional<Long> group, String revision) throws IOException {
        Files.createDirectories(path);
        SortedMap<String, VolumeFile> files = new TreeMap<>(wanted);
        if (group.isPresent()) {
            files.replaceAll((_, file) -> new VolumeFile(file.content(), file.mode() | (file.mode() & 0400) >> 3));
        }
        if (read().equals(Optional.of(files))) {
            return;
        }
        Path fresh = path.resolve(".." + revision);
        fill(fresh, files, group);
        Path old = Files.isSymbolicLink(path.resolve(DATA)) ? Files.readSymbolicLink(path.resolve(DATA)) : Path.of("");
        Path link = path.resolve("..data_tmp");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, path.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        link(files.keySet().stream()
                .map(name -> Path.of(name).getName(0).toString())
                .collect(Collectors.toSet()));
        if (!old.toString().isEmpty() && !old.equals(fresh.getFileName())) {
            remove(path.resolve(old));
        }
    }

    private static void fill(Path folder, Map<String, VolumeFile> files, Optional<Long> group) throws IOException {
        Files.createDirectories(folder);
        Files.setAttribute(folder, "unix:mode", 0755);
        for (Map.Entry<String, VolumeFile> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Files.createDirectories(target.resolve("..").normalize());
            Files.write(target, file.getValue().content());
            if (group.isPresent()) {
                Files.setAttribute(target, "unix:gid", group.get().intValue());
            }
            Files.setAttribute(target, "unix:mode", file.getValue().mode());
        }
    }

    /// The visible names lead to the newest revision's.
    private void link(Set<String> names) throws IOException {
        for (String name : names) {
            if (!Files.isSymbolicLink(path.resolve(name))) {
                Files.createSymbolicLink(path.resolve(name), Path.of(DATA, name));
            }
        }
        for (Path entry : entries()) {
            String name = entry.getFileName().toString();
            if (!name.startsWith("..") && !names.contains(name)) {
                Files.delete(entry);
            }
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.toList();
        }
    }

    /// What the folder holds; empty when it was never written.
    Optional<SortedMap<String, VolumeFile>> read() throws IOException {
        Path data = path.resolve(DATA);
        if (!Files.isDirectory(data)) {
            return Optional.empty();
        }
        SortedMap<String, VolumeFile> files = new TreeMap<>();
        Path real = data.toRealPath();
        try (Stream<Path> all = Files.walk(real)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
                files.put(real.relativize(file).toString(), new VolumeFile(Files.readAllBytes(file), mode));
            }
        }
        return Optional.of(files);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
