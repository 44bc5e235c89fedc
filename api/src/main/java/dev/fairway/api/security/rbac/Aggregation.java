package dev.fairway.api.security.rbac;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes the rules of aggregated cluster roles: the rules of all roles that their `aggregationRule` selects.
final class Aggregation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Aggregation.class);
    private static final long RETRY_SECONDS = 5;

    private final ApiClient client;
    private final ConcurrentSkipListMap<ObjectKey, ObjectNode> roles = new ConcurrentSkipListMap<>();
    private final Semaphore due = new Semaphore(0);
    private final Thread thread;

    private Aggregation(ApiClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().name("role-aggregation").unstarted(this::run);
    }

    static Aggregation start(ApiClient client) {
        Aggregation aggregation = new Aggregation(client);
        aggregation.thread.start();
        return aggregation;
    }

    void changed(ObjectKey key, Optional<ObjectNode> now) {
        now.ifPresentOrElse(role -> roles.put(key, role), () -> roles.remove(key));
        due.release();
    }

    private void run() {
        try {
            while (true) {
                due.acquire();
                due.drainPermits();
                if (!reconcile()) {
                    TimeUnit.SECONDS.sleep(RETRY_SECONDS);
                    due.release();
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// The top of the loop: what fails is tried again later, or when its role has changed.
    private boolean reconcile() {
        boolean done = true;
        for (ObjectNode role : roles.values()) {
            try {
                wanted(role, roles.values()).ifPresent(this::write);
            } catch (RuntimeException e) {
                done &= e instanceof ApiException refusal && (refusal.isConflict() || refusal.isNotFound());
                LOG.debug("cannot aggregate role {}: {}", Meta.name(role), e.toString());
            }
        }
        return done;
    }

    private void write(ObjectNode role) {
        client.update(Resource.CLUSTER_ROLES, role);
    }

    /// The role with the rules that it should have; empty when it has them, or aggregates nothing. Pure.
    static Optional<ObjectNode> wanted(ObjectNode role, Collection<ObjectNode> all) {
        if (!Tree.has(role, "aggregationRule")) {
            return Optional.empty();
        }
        Set<ObjectNode> rules = new LinkedHashSet<>();
        for (ObjectNode selector : Tree.objects(role, "aggregationRule", "clusterRoleSelectors")) {
            LabelSelector labels = LabelSelector.ofObject(selector);
            all.stream()
                    .filter(other -> !Meta.name(other).equals(Meta.name(role)) && labels.matches(Meta.labels(other)))
                    .forEach(other -> rules.addAll(Tree.objects(other, "rules")));
        }
        ArrayNode list = Json.object().putArray("rules");
        rules.forEach(list::add);
        if (List.copyOf(rules).equals(Tree.objects(role, "rules"))) {
            return Optional.empty();
        }
        ObjectNode now = role.deepCopy();
        now.set("rules", list);
        return Optional.of(now);
    }

    /// The roles when aggregation has come to rest: a role may be a part of one that is itself a part. Pure.
    static List<ObjectNode> atRest(List<ObjectNode> roles) {
        List<ObjectNode> next =
                roles.stream().map(role -> wanted(role, roles).orElse(role)).toList();
        return next.equals(roles) ? next : atRest(next);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
