package dev.fairway.api.security.rbac;

import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.schema.client.Mirror;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Keeps an {@link RbacIndex} as the API has its roles and bindings, and the aggregated roles as their parts say.
public final class RbacFeed implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Mirror> mirrors;
    private final Aggregation aggregation;

    private RbacFeed(List<Mirror> mirrors, Aggregation aggregation) {
        this.mirrors = mirrors;
        this.aggregation = aggregation;
    }

    /// Returns when the index is complete.
    ///
    /// @param client may read and write all roles
    public static RbacFeed start(ApiClient client, RbacIndex index) {
        Aggregation aggregation = Aggregation.start(client);
        Mirror clusterRoles = mirror(client, Resource.CLUSTER_ROLES, (key, before, now) -> {
            index.role(before, now);
            aggregation.changed(key, now);
        });
        Mirror roles = mirror(client, Resource.ROLES, (key, before, now) -> index.role(before, now));
        Mirror bindings = mirror(client, Resource.ROLE_BINDINGS, (key, before, now) -> index.binding(before, now));
        Mirror clusterBindings =
                mirror(client, Resource.CLUSTER_ROLE_BINDINGS, (key, before, now) -> index.binding(before, now));
        RbacFeed feed = new RbacFeed(
                Stream.of(clusterRoles, roles, bindings, clusterBindings).toList(), aggregation);
        feed.awaitComplete();
        return feed;
    }

    private static Mirror mirror(ApiClient client, Resource resource, Mirror.Listener listener) {
        return Mirror.start(client, resource, "", Selection.ALL, listener);
    }

    private void awaitComplete() {
        for (Mirror mirror : mirrors) {
            if (!mirror.awaitSynced(PATIENCE)) {
                close();
                throw new IllegalStateException("cannot read the roles: "
                        + mirror.problem().orElse("no answer in " + PATIENCE.toSeconds() + " s"));
            }
        }
    }

    @Override
    public void close() {
        mirrors.forEach(Mirror::close);
        aggregation.close();
    }
}
