/// The API server: REST over TLS, watch, defaulting, allocation, validation, tables, discovery and the
/// streaming subresources.
///
/// It may touch: HTTP sockets and the store.
/// It never takes a controller's decision and never touches the kernel.
/// Start at ApiServer and Kinds.
@org.jspecify.annotations.NullMarked
module dev.fairway.api {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires transitive dev.fairway.store;
    requires dev.fairway.address;
    requires com.github.benmanes.caffeine;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.transport;
    requires io.prometheus.metrics.core;
    requires io.prometheus.metrics.model;
    requires io.prometheus.writer.text;
    requires io.vertx.core;
    requires jdk.net;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.slf4j;

    exports dev.fairway.api;
    exports dev.fairway.api.kind;
    exports dev.fairway.api.registry;
    exports dev.fairway.api.security;
}
