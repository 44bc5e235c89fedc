package dev.fairway.node.pod;

import dev.fairway.kernel.BindMount;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The volumes of process containers, shown by bind mounts: emptyDir, configMap and hostPath. A container lives on the
/// host's file system, so a mount path must exist there; nothing is made on the host for it.
final class PodVolumes {

    private static final String REFUSED = "FailedMount";

    private final ApiClient client;

    PodVolumes(ApiClient client) {
        this.client = client;
    }

    /// @throws StartRefused with the reason `FailedMount`
    List<BindMount> mounts(PodSpec pod, ContainerSpec container, PodFolder folder) throws StartRefused {
        List<BindMount> mounts = new ArrayList<>();
        for (ObjectNode mount : Tree.objects(container.object(), "volumeMounts")) {
            String name = Tree.text(mount, "name");
            Path target = Path.of(Tree.text(mount, "mountPath"));
            if (isServiceAccount(target)) {
                continue;
            }
            Path source = source(pod, name, folder).resolve(Tree.text(mount, "subPath"));
            if (!Files.exists(target) || Files.isDirectory(target) != Files.isDirectory(source)) {
                throw new StartRefused(
                        REFUSED,
                        "volume \"%s\": mount path \"%s\" must exist on the host as a %s: a container sees its files"
                                .formatted(name, target, Files.isDirectory(source) ? "folder" : "file"));
            }
            mounts.add(new BindMount(source, target));
        }
        return mounts;
    }

    private static boolean isServiceAccount(Path target) {
        return target.startsWith("/var/run/secrets/kubernetes.io/serviceaccount");
    }

    private Path source(PodSpec pod, String name, PodFolder folder) throws StartRefused {
        ObjectNode volume = Tree.objects(pod.object(), "spec", "volumes").stream()
                .filter(candidate -> Tree.text(candidate, "name").equals(name))
                .findFirst()
                .orElseThrow(() -> new StartRefused(REFUSED, "volume \"" + name + "\" is not among spec.volumes"));
        Path own = folder.path().resolve("volumes").resolve(name);
        if (Tree.has(volume, "emptyDir")) {
            return makeFolder(own);
        }
        if (Tree.has(volume, "configMap")) {
            return configMap(pod, volume, makeFolder(own));
        }
        if (Tree.has(volume, "hostPath")) {
            return Path.of(Tree.text(volume, "hostPath", "path"));
        }
        throw new StartRefused(
                REFUSED, "volume \"" + name + "\": only emptyDir, configMap and hostPath volumes are made here");
    }

    private Path configMap(PodSpec pod, ObjectNode volume, Path folder) throws StartRefused {
        String name = Tree.text(volume, "configMap", "name");
        Optional<ObjectNode> map = client.get(Resource.CONFIG_MAPS, pod.namespace(), name);
        if (map.isEmpty() && !Tree.flag(volume, "configMap", "optional")) {
            throw new StartRefused(REFUSED, "configmap \"" + name + "\" not found");
        }
        Map<String, String> texts =
                map.map(found -> Tree.textMap(found, "data")).orElseGet(TreeMap::new);
        List<ObjectNode> items = Tree.objects(volume, "configMap", "items");
        Map<String, String> files = new TreeMap<>();
        if (items.isEmpty()) {
            files.putAll(texts);
        }
        items.forEach(item -> files.put(Tree.text(item, "path"), texts.getOrDefault(Tree.text(item, "key"), "")));
        for (Map.Entry<String, String> file : files.entrySet()) {
            write(folder, file.getKey(), file.getValue());
        }
        return folder;
    }

    private static void write(Path folder, String name, String text) throws StartRefused {
        Path file = folder.resolve(name).normalize();
        if (!file.startsWith(folder)) {
            throw new StartRefused(REFUSED, "path \"" + name + "\" leaves its volume");
        }
        try {
            Files.createDirectories(file.resolve("..").normalize());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new StartRefused(REFUSED, "write " + file + ": " + e.getMessage());
        }
    }

    private static Path makeFolder(Path folder) throws StartRefused {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StartRefused(REFUSED, "make " + folder + ": " + e.getMessage());
        }
    }
}
