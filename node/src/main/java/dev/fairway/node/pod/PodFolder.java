package dev.fairway.node.pod;

import dev.fairway.node.pod.volume.PodVolumes;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The files of one pod below the node's state folder.
///
/// ```
/// pods/UID/state.json          what the node knows (PodRecord)
/// pods/UID/pod.json            the pod object as it was last seen
/// pods/UID/resolv.conf, hosts  shown to the pod's processes
/// pods/UID/volumes/VOLUME      what the pod's volumes show
/// pods/UID/NAME.N.root         where the container's root is put together; empty outside its namespace
/// pods/UID/NAME.N.stdin        the pipe of its input, if it has one
/// pods/UID/NAME.N.end          its termination message
/// pods/UID/NAME.N.log          output of run N of container NAME
/// pods/UID/NAME.N.exit         its exit code, written by the process's own shim
/// ```
public record PodFolder(Path path) {

    static PodFolder of(Path stateFolder, String uid) {
        return new PodFolder(stateFolder.resolve("pods").resolve(uid));
    }

    /// The folders of all pods that this node has run and not yet forgotten.
    static List<PodFolder> list(Path stateFolder) {
        Path pods = stateFolder.resolve("pods");
        if (!Files.isDirectory(pods)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(pods)) {
            return folders.sorted().map(PodFolder::new).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("list " + pods, e);
        }
    }

    Path resolvConf() {
        return path.resolve("resolv.conf");
    }

    Path hosts() {
        return path.resolve("hosts");
    }

    Path hostname() {
        return path.resolve("hostname");
    }

    public Path volume(String name) {
        return path.resolve("volumes").resolve(name);
    }

    Path root(String container, int attempt) {
        return path.resolve(container + "." + attempt + ".root");
    }

    Path input(String container, int attempt) {
        return path.resolve(container + "." + attempt + ".stdin");
    }

    Path terminationMessage(String container, int attempt) {
        return path.resolve(container + "." + attempt + ".end");
    }

    Path log(String container, int attempt) {
        return path.resolve(container + "." + attempt + ".log");
    }

    Path exitFile(String container, int attempt) {
        return path.resolve(container + "." + attempt + ".exit");
    }

    void write(PodRecord record) {
        write(path.resolve("state.json"), Json.toText(RecordFile.toTree(record)));
    }

    void write(ObjectNode pod) {
        write(path.resolve("pod.json"), Json.toText(pod));
    }

    Optional<PodRecord> readRecord() {
        return read(path.resolve("state.json")).map(text -> RecordFile.parse(Json.parse(text)));
    }

    Optional<ObjectNode> readPod() {
        return read(path.resolve("pod.json")).map(Json::parse);
    }

    /// Replaces a file as a whole: a reader, or a restart after a crash, sees the old text or the new one.
    void write(Path file, String text) {
        try {
            Files.createDirectories(path);
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("write " + file, e);
        }
    }

    /// Writes into the file that already is there, so that mounts of it show the new text.
    void rewrite(Path file, String text) {
        try {
            Files.createDirectories(path);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("write " + file, e);
        }
    }

    /// Also a container that does not run as root may write into the file.
    void makeWritableByAll(Path file) {
        try {
            Files.setAttribute(file, "unix:mode", 0666);
        } catch (IOException e) {
            throw new UncheckedIOException("make writable " + file, e);
        }
    }

    static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("read " + file, e);
        }
    }

    /// Removes the folder with all it holds.
    void remove() {
        if (!Files.exists(path)) {
            return;
        }
        PodVolumes.unmountBelow(path);
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("remove " + path, e);
        }
    }
}
