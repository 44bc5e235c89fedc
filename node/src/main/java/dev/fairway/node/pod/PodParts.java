package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.volume.ApiObjects;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.client.ApiClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// What all pods of a node share.
///
/// @param services the cluster's Services as last seen, for environment variables
/// @param capacity what the node has of `cpu` and `memory`
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
        Supplier<Collection<ObjectNode>> services,
        Map<String, Quantity> capacity) {

    Map<String, String> environment(PodSpec pod, PodRecord record, ContainerSpec container) {
        return new Environment(downward(pod, record.addresses()), new ApiObjects(client)).of(container, services.get());
    }

    /// What the pod may read of itself.
    DownwardApi downward(PodSpec pod, List<IpAddress> addresses) {
        return new DownwardApi(pod, addresses, sandbox.hostAddresses(), node, capacity);
    }
}
