package dev.fairway.node.pod;

import dev.fairway.schema.client.ApiClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// What all pods of a node share.
///
/// @param services the cluster's Services as last seen, for environment variables
record PodParts(
        String node,
        Path stateFolder,
        Clock clock,
        ImageMap images,
        PodSandbox sandbox,
        ContainerStarter starter,
        PodExec exec,
        PodEvents events,
        StatusReporter reporter,
        ProbeCheck probes,
        ApiClient client,
        Supplier<Collection<ObjectNode>> services) {

    Map<String, String> environment(PodSpec pod, PodRecord record, ContainerSpec container) {
        return new Environment(pod, record.addresses(), sandbox.hostAddresses(), node, client)
                .of(container, services.get());
    }
}
