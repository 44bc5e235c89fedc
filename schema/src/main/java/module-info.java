/// The one table of the served API types and what follows from it: JSON and protobuf codecs, strict checks,
/// OpenAPI, merge patches, selectors; and the client interface every controller and agent uses.
///
/// It may touch: nothing: pure values and pure functions; only the client package may run a virtual thread, one per
/// Mirror, and measure how long it has the carrier.
/// It never opens a socket, reads a clock or decides what a Service means.
/// Start at Types (the table), ApiClient (the interface) and Mirror (a collection kept up to date).
@org.jspecify.annotations.NullMarked
module dev.fairway.schema {
    requires static transitive org.jspecify;
    requires transitive tools.jackson.databind;
    requires tools.jackson.dataformat.yaml;

    exports dev.fairway.schema;
    exports dev.fairway.schema.apply;
    exports dev.fairway.schema.client;
    exports dev.fairway.schema.codec;
    exports dev.fairway.schema.openapi;
    exports dev.fairway.schema.patch;
}
