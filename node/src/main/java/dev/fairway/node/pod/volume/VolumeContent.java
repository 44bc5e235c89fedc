package dev.fairway.node.pod.volume;

import dev.fairway.node.pod.ContainerSpec;
import dev.fairway.node.pod.DownwardApi;
import dev.fairway.node.pod.PodSpec;
import dev.fairway.node.pod.volume.ApiObjects.Owner;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The files of a volume that is made from API objects: configMap, secret, downwardAPI, projected.
final class VolumeContent {

    private static final int DEFAULT_MODE = 0644;
    private static final long TOKEN_SECONDS = 3600;

    private final DownwardApi downward;
    private final ApiObjects objects;
    private final SortedMap<String, VolumeFile> before;
    private final Instant now;
    private final int defaultMode;
    private final SortedMap<String, VolumeFile> files = new TreeMap<>();

    private VolumeContent(
            DownwardApi downward,
            ApiObjects objects,
            SortedMap<String, VolumeFile> before,
            Instant now,
            int defaultMode) {
        this.downward = downward;
        this.objects = objects;
        this.before = before;
        this.now = now;
        this.defaultMode = defaultMode;
    }

    /// @param before what the volume holds; a token in it is kept while it is fresh
    static SortedMap<String, VolumeFile> of(
            ObjectNode volume,
            DownwardApi downward,
            ApiObjects objects,
            SortedMap<String, VolumeFile> before,
            Instant now)
            throws MountRefused {
        for (String kind : List.of("configMap", "secret", "downwardAPI", "projected")) {
            if (volume.get(kind) instanceof ObjectNode source) {
                int mode = (int) Tree.number(source, DEFAULT_MODE, "defaultMode");
                VolumeContent content = new VolumeContent(downward, objects, before, now, mode);
                content.add(kind, source);
                return content.files;
            }
        }
        throw new MountRefused("it is none of configMap, secret, downwardAPI and projected");
    }

    private void add(String kind, ObjectNode source) throws MountRefused {
        switch (kind) {
            case "configMap" -> configMap(source);
            case "secret" -> secret(source);
            case "downwardAPI" -> downwardApi(source);
            case "serviceAccountToken" -> token(source);
            case "projected" -> {
                for (ObjectNode part : Tree.objects(source, "sources")) {
                    for (Map.Entry<String, ?> field : part.properties()) {
                        if (field.getValue() instanceof ObjectNode inner) {
                            add(field.getKey(), inner);
                        }
                    }
                }
            }
            default -> throw new MountRefused("sources of kind " + kind + " are not made here");
        }
    }

    // ---- ConfigMaps and Secrets

    private void configMap(ObjectNode source) throws MountRefused {
        String name = Tree.text(source, "name");
        Optional<ObjectNode> found = objects.find(Resource.CONFIG_MAPS, pod().namespace(), name);
        if (found.isEmpty() && !Tree.flag(source, "optional")) {
            throw new MountRefused("configmap \"" + name + "\" not found");
        }
        SortedMap<String, byte[]> keys = new TreeMap<>();
        found.ifPresent(map -> {
            Tree.textMap(map, "data").forEach((key, text) -> keys.put(key, text.getBytes(StandardCharsets.UTF_8)));
            Tree.textMap(map, "binaryData")
                    .forEach((key, text) -> keys.put(key, Base64.getDecoder().decode(text)));
        });
        pick(keys, source, found.isPresent(), "configmap references non-existent config key: ");
    }

    private void secret(ObjectNode source) throws MountRefused {
        String name = Tree.text(source, "secretName") + Tree.text(source, "name");
        Optional<ObjectNode> found = objects.find(Resource.SECRETS, pod().namespace(), name);
        if (found.isEmpty() && !Tree.flag(source, "optional")) {
            throw new MountRefused("secret \"" + name + "\" not found");
        }
        SortedMap<String, byte[]> keys = new TreeMap<>();
        found.ifPresent(secret -> Tree.textMap(secret, "data")
                .forEach((key, text) -> keys.put(key, Base64.getDecoder().decode(text))));
        pick(keys, source, found.isPresent(), "references non-existent secret key: ");
    }

    private void pick(SortedMap<String, byte[]> keys, ObjectNode source, boolean found, String missing)
            throws MountRefused {
        List<ObjectNode> items = Tree.objects(source, "items");
        if (items.isEmpty()) {
            for (Map.Entry<String, byte[]> entry : keys.entrySet()) {
                put(entry.getKey(), entry.getValue(), defaultMode);
            }
        }
        for (ObjectNode item : items) {
            byte[] content = keys.get(Tree.text(item, "key"));
            if (content != null) {
                put(Tree.text(item, "path"), content, mode(item));
            } else if (found && !Tree.flag(source, "optional")) {
                throw new MountRefused(missing + Tree.text(item, "key"));
            }
        }
    }

    // ---- of the pod itself

    private void downwardApi(ObjectNode source) throws MountRefused {
        for (ObjectNode item : Tree.objects(source, "items")) {
            Optional<String> value = Tree.has(item, "fieldRef")
                    ? downward.field(Tree.text(item, "fieldRef", "fieldPath"))
                    : resource(item);
            if (value.isEmpty()) {
                throw new MountRefused("\"" + Tree.text(item, "path") + "\": no such field");
            }
            put(Tree.text(item, "path"), value.get().getBytes(StandardCharsets.UTF_8), mode(item));
        }
    }

    private Optional<String> resource(ObjectNode item) {
        Optional<ContainerSpec> container = pod().container(Tree.text(item, "resourceFieldRef", "containerName"));
        return container.flatMap(named -> Tree.at(item, "resourceFieldRef") instanceof ObjectNode reference
                ? downward.resource(named.object(), reference)
                : Optional.empty());
    }

    private void token(ObjectNode source) throws MountRefused {
        String path = Tree.text(source, "path");
        VolumeFile known = before.get(path);
        String text = known == null ? "" : new String(known.content(), StandardCharsets.UTF_8);
        if (TokenAge.isDue(text, now)) {
            text = objects.token(
                    new Owner(pod().namespace(), pod().name(), pod().uid()),
                    Tree.text(pod().object(), "spec", "serviceAccountName"),
                    Tree.text(source, "audience"),
                    Tree.number(source, TOKEN_SECONDS, "expirationSeconds"));
        }
        put(path, text.getBytes(StandardCharsets.UTF_8), defaultMode);
    }

    private PodSpec pod() {
        return downward.pod();
    }

    private int mode(ObjectNode item) {
        return (int) Tree.number(item, defaultMode, "mode");
    }

    private void put(String path, byte[] content, int mode) throws MountRefused {
        Path normal = Path.of(path).normalize();
        if (normal.isAbsolute() || normal.startsWith("..") || path.isEmpty()) {
            throw new MountRefused("path \"" + path + "\" leaves the volume");
        }
        files.put(normal.toString(), new VolumeFile(content, mode));
    }
}
