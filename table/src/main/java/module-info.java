/// The ServiceTable: everything a node's readers need to know of Services, already decided, as one immutable
/// value, and the delta between two of them.
///
/// It may touch: nothing but one volatile reference in TableFeed.
/// It never does I/O, reads a clock or sees an API object.
/// Start at ServiceTable.
@org.jspecify.annotations.NullMarked
module dev.fairway.table {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.address;

    exports dev.fairway.table;
}
