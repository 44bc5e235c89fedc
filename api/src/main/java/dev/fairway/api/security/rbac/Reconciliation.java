package dev.fairway.api.security.rbac;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import dev.fairway.schema.client.ApiClient.Selection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Brings the bootstrap roles into the API at each start: what is missing is made, missing rules and subjects are
/// added, what somebody added stays. An object whose auto-update annotation is `false` is left alone (upstream's
/// rules).
public final class Reconciliation {

    static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private final ApiClient client;

    private Reconciliation(ApiClient client) {
        this.client = client;
    }

    record Wanted(Resource resource, ObjectNode object) {}

    /// Returns when all is written. Writes go out together, so that they share the store's syncs.
    ///
    /// @param client may read and write all roles
    public static void run(ApiClient client, BootstrapPolicy policy) throws InterruptedException {
        new Reconciliation(client).run(policy.wanted());
    }

    private void run(List<Wanted> all) throws InterruptedException {
        Map<Resource, Map<String, ObjectNode>> standing = new HashMap<>();
        for (Resource resource : List.of(Resource.CLUSTER_ROLES, Resource.CLUSTER_ROLE_BINDINGS)) {
            Map<String, ObjectNode> byName = new HashMap<>();
            client.list(resource, "", Selection.ALL).items().forEach(object -> byName.put(Meta.name(object), object));
            standing.put(resource, byName);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writes = new ArrayList<>();
            for (Wanted wanted : all) {
                Optional<ObjectNode> old = Optional.ofNullable(
                        standing.getOrDefault(wanted.resource, Map.of()).get(Meta.name(wanted.object)));
                writes.add(threads.submit(() -> apply(wanted, old)));
            }
            for (Future<?> write : writes) {
                write.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot write the bootstrap roles: " + e.getCause(), e);
        }
    }

    private void apply(Wanted wanted, Optional<ObjectNode> old) {
        try {
            if (old.isEmpty()) {
                client.create(wanted.resource, wanted.object);
            } else if (isReplaced(old.get(), wanted.object)) {
                client.delete(wanted.resource, "", Meta.name(wanted.object), DeleteOptions.ofUid(Meta.uid(old.get())));
                client.create(wanted.resource, wanted.object);
            } else {
                merged(old.get(), wanted.object).ifPresent(now -> client.update(wanted.resource, now));
            }
        } catch (ApiException e) {
            if (!e.isAlreadyExists() && !e.isConflict() && !e.isNotFound()) {
                throw e;
            }
            // Another server of this cluster starts at the same time and has written it.
        }
    }

    /// A binding keeps its role for life: one that leads elsewhere is made anew.
    static boolean isReplaced(ObjectNode old, ObjectNode wanted) {
        return isOurs(old) && !Tree.at(old, "roleRef").equals(Tree.at(wanted, "roleRef"));
    }

    private static boolean isOurs(ObjectNode old) {
        return !Meta.annotations(old).getOrDefault(AUTO_UPDATE, "true").equals("false");
    }

    /// The standing object with what it lacks; empty when it lacks nothing or wants no updates. Pure.
    static Optional<ObjectNode> merged(ObjectNode old, ObjectNode wanted) {
        if (!isOurs(old)) {
            return Optional.empty();
        }
        ObjectNode now = old.deepCopy();
        if (Tree.has(wanted, "aggregationRule")) {
            addMissing(
                    Tree.makeObject(now, "aggregationRule"),
                    Tree.at(wanted, "aggregationRule"),
                    "clusterRoleSelectors");
        } else {
            addRules(now, wanted);
        }
        addMissing(now, wanted, "subjects");
        Meta.annotations(wanted)
                .forEach((key, value) -> putIfAbsent(Tree.makeObject(now, "metadata", "annotations"), key, value));
        Meta.labels(wanted)
                .forEach((key, value) -> putIfAbsent(Tree.makeObject(now, "metadata", "labels"), key, value));
        return now.equals(old) ? Optional.empty() : Optional.of(now);
    }

    private static void putIfAbsent(ObjectNode map, String key, String value) {
        if (!map.has(key)) {
            map.put(key, value);
        }
    }

    private static void addRules(ObjectNode now, ObjectNode wanted) {
        List<PolicyRule> held = PolicyRule.ofRole(now);
        for (ObjectNode rule : Tree.objects(wanted, "rules")) {
            boolean covered = PolicyRule.of(rule).parts().stream()
                    .allMatch(part -> held.stream().anyMatch(mine -> mine.covers(part)));
            if (!covered) {
                Tree.makeArray(now, "rules").add(rule);
            }
        }
    }

    private static void addMissing(ObjectNode now, JsonNode wanted, String field) {
        List<ObjectNode> held = Tree.objects(now, field);
        for (ObjectNode entry : Tree.objects(wanted, field)) {
            if (!held.contains(entry)) {
                Tree.makeArray(now, field).add(entry);
            }
        }
    }
}
