/// LoadBalancer addresses in front of the nodes: the edge that takes an address from a pool and spreads
/// connections over the nodes' outside addresses.
///
/// It may touch: the kernel room and probe sockets in the edge's namespace.
/// It never writes to the API or sees an API object.
/// Start at EdgeBalancer.
@org.jspecify.annotations.NullMarked
module dev.fairway.balancer {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.table;
    requires transitive dev.fairway.kernel;
    requires org.slf4j;

    exports dev.fairway.balancer;
}
