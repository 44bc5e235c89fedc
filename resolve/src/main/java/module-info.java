/// The one pure translation from API objects to the ServiceTable as seen from a node: readiness, terminating
/// fall-back, policies and names are decided here, once.
///
/// It may touch: nothing: a pure function.
/// It never does I/O, reads a clock or knows how the kernel forwards.
/// Start at Resolver.
@org.jspecify.annotations.NullMarked
module dev.fairway.resolve {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires transitive dev.fairway.table;

    exports dev.fairway.resolve;
}
