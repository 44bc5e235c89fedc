/// The controllers: cluster addresses, endpoint slices, endpoints, pods' owners, placement, load balancers, nodes,
/// namespaces and ownership clean-up.
///
/// It may touch: the ApiClient it is given and a clock.
/// It never opens a socket, touches the store or sees the service table.
/// Start at Controllers, then Controller and ControlLoop in `loop`.
@org.jspecify.annotations.NullMarked
module dev.fairway.control {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires transitive dev.fairway.address;
    requires org.slf4j;

    exports dev.fairway.control;
    exports dev.fairway.control.explain;
    exports dev.fairway.control.leader;
    exports dev.fairway.control.lifecycle;
    exports dev.fairway.control.loadbalancer;
}
