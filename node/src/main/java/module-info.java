/// The node agent: watches the API, runs resolve and its readers, runs the node's pods and reports their state.
///
/// It may touch: the ApiClient it is given, the kernel room, processes and files of its pods.
/// It never decides for the cluster and never uses a private channel to the API server.
/// Start at NodeAgent, PodRuntime and, for one machine, machine.MachineNetwork.
@org.jspecify.annotations.NullMarked
module dev.fairway.node {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires transitive dev.fairway.resolve;
    requires transitive dev.fairway.kernel;
    requires transitive dev.fairway.dns;
    requires dev.fairway.dataplane;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires jdk.httpserver;
    requires org.slf4j;

    exports dev.fairway.node;
    exports dev.fairway.node.machine;
    exports dev.fairway.node.pod;
}
