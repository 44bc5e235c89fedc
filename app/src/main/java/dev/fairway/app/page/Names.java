package dev.fairway.app.page;

import dev.fairway.address.IpAddress;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.trace.NameAnswer;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectKey;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the name server of a node says of a Service's name: it is asked.
final class Names {

    private static final int BAD_REQUEST = 400;
    private static final int UNAVAILABLE = 503;

    private final ClusterConfig cluster;

    Names(ClusterConfig cluster) {
        this.cluster = cluster;
    }

    /// @return as `lines` who was asked what, and the answers
    /// @throws ApiException when the key is none of a Service, or no node runs here
    ObjectNode of(ObjectKey service) {
        if (service.namespace().isEmpty() || service.name().isEmpty()) {
            throw new ApiException(BAD_REQUEST, "BadRequest", "whose name? give ns and name");
        }
        NetworkNamespace node = cluster.nodes().stream()
                .map(each -> NetworkNamespace.find(cluster.name() + "-" + each.name()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() ->
                        new ApiException(UNAVAILABLE, "ServiceUnavailable", "no node runs here that could be asked"));
        ObjectNode out = Json.object();
        ArrayNode lines = out.putArray("lines");
        for (IpAddress server : cluster.dns().addresses()) {
            tell(NameAnswer.ask(node, cluster, service, server), lines);
        }
        return out;
    }

    private static void tell(NameAnswer answer, ArrayNode lines) {
        lines.add(answer.server() + " was asked for " + answer.name());
        answer.records().forEach(lines::add);
        if (answer.records().isEmpty()) {
            lines.add(answer.said());
        }
    }
}
