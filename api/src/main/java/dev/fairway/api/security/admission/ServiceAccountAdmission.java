package dev.fairway.api.security.admission;

import dev.fairway.api.kind.WriteScope;
import dev.fairway.api.registry.Admission;
import dev.fairway.api.registry.Keys;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives each new pod its ServiceAccount and, unless it wants none, the volume with a token for it (upstream's
/// ServiceAccount admission).
public final class ServiceAccountAdmission implements Admission {

    /// Where programs in pods look for the token (client-go `rest.InClusterConfig`).
    private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

    private static final String DEFAULT = "default";
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String ROOT_CA = "kube-root-ca.crt";
    private static final String VOLUME_PREFIX = "kube-api-access-";
    private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    /// An hour, and a few seconds by which servers know a token that came by this volume (upstream's number).
    private static final int TOKEN_SECONDS = 3607;

    private static final int FILE_MODE = 0644;

    /// A new namespace gets its `default` account a moment later: so long are its first pods kept waiting.
    private static final int DEFAULT_TRIES = 20;

    private static final long DEFAULT_PAUSE_MILLIS = 50;

    @Override
    public void admit(Write write) {
        if (!write.isCreate() || !write.kind().resource().equals(Resource.PODS)) {
            return;
        }
        ObjectNode pod = write.object();
        if (Meta.annotations(pod).containsKey(MIRROR)) {
            return;
        }
        ObjectNode spec = Tree.makeObject(pod, "spec");
        if (Tree.text(spec, "serviceAccountName").isEmpty()) {
            spec.put("serviceAccountName", DEFAULT).put("serviceAccount", DEFAULT);
        }
        ObjectNode account = account(write, Tree.text(spec, "serviceAccountName"));
        if (wantsToken(spec, account)) {
            mount(spec, write.scope().random());
        }
        if (Tree.objects(spec, "imagePullSecrets").isEmpty()
                && !Tree.objects(account, "imagePullSecrets").isEmpty()) {
            spec.set("imagePullSecrets", account.get("imagePullSecrets").deepCopy());
        }
    }

    private static ObjectNode account(Write write, String name) {
        String namespace = Meta.namespace(write.object());
        String key = Keys.object(Resource.SERVICE_ACCOUNTS, namespace, name);
        return read(write.scope(), key, name.equals(DEFAULT) ? DEFAULT_TRIES : 1)
                .orElseThrow(() -> Refusal.forbidden(
                        Resource.PODS,
                        Meta.name(write.object()),
                        "error looking up service account " + namespace + "/" + name + ": serviceaccount \"" + name
                                + "\" not found",
                        List.of()));
    }

    private static Optional<ObjectNode> read(WriteScope scope, String key, int tries) {
        for (int i = 0; i < tries; i++) {
            Optional<ObjectNode> found = scope.read(key).map(entry -> Json.parse(entry.value()));
            if (found.isPresent() || i == tries - 1 || !pause()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean pause() {
        try {
            Thread.sleep(DEFAULT_PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The pod's own word counts, then its account's; usually it wants one.
    private static boolean wantsToken(ObjectNode spec, ObjectNode account) {
        ObjectNode says = Tree.has(spec, "automountServiceAccountToken") ? spec : account;
        return !Tree.has(says, "automountServiceAccountToken") || Tree.flag(says, "automountServiceAccountToken");
    }

    private static void mount(ObjectNode spec, RandomGenerator random) {
        String volume = VOLUME_PREFIX + suffix(random);
        boolean mounted = false;
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Tree.objects(spec, list)) {
                mounted |= mount(container, volume);
            }
        }
        if (mounted) {
            volume(Tree.makeArray(spec, "volumes").addObject(), volume);
        }
    }

    private static boolean mount(ObjectNode container, String volume) {
        boolean own = Tree.objects(container, "volumeMounts").stream()
                .anyMatch(mount -> Tree.text(mount, "mountPath").equals(MOUNT_PATH));
        if (!own) {
            Tree.makeArray(container, "volumeMounts")
                    .addObject()
                    .put("name", volume)
                    .put("readOnly", true)
                    .put("mountPath", MOUNT_PATH);
        }
        return !own;
    }

    private static String suffix(RandomGenerator random) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            out.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
        }
        return out.toString();
    }

    private static void volume(ObjectNode volume, String name) {
        ObjectNode projected = volume.put("name", name).putObject("projected").put("defaultMode", FILE_MODE);
        ArrayNode sources = projected.putArray("sources");
        sources.addObject()
                .putObject("serviceAccountToken")
                .put("expirationSeconds", TOKEN_SECONDS)
                .put("path", "token");
        ObjectNode ca = sources.addObject().putObject("configMap").put("name", ROOT_CA);
        ca.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
        ObjectNode namespace = sources.addObject().putObject("downwardAPI");
        namespace
                .putArray("items")
                .addObject()
                .put("path", "namespace")
                .putObject("fieldRef")
                .put("apiVersion", "v1")
                .put("fieldPath", "metadata.namespace");
    }
}
