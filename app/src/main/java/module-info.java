/// The program: command line, configuration, wiring and life cycle.
///
/// It may touch: everything; it is the only room that knows all others.
/// It never holds a rule of the domain: it starts, stops and connects.
/// Start at Main and Wiring.
@org.jspecify.annotations.NullMarked
module dev.fairway.app {
    requires static transitive org.jspecify;
    requires dev.fairway.address;
    requires dev.fairway.schema;
    requires dev.fairway.store;
    requires dev.fairway.kernel;
    requires dev.fairway.table;
    requires dev.fairway.resolve;
    requires dev.fairway.api;
    requires dev.fairway.client;
    requires dev.fairway.control;
    requires dev.fairway.dataplane;
    requires dev.fairway.dns;
    requires dev.fairway.balancer;
    requires dev.fairway.node;
    requires dev.fairway.picture;
    requires info.picocli;
    requires org.slf4j;
    requires ch.qos.logback.classic;
    requires ch.qos.logback.core;
    requires java.management;
    requires jdk.management;
    requires java.net.http;
    requires jdk.httpserver;
    requires tools.jackson.dataformat.yaml;
}
