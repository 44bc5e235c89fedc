/// ServiceTable to kernel: plans the nftables ruleset of a node, diffs it against what is there and applies the
/// difference in atomic batches.
///
/// It may touch: the kernel room.
/// It never sees an API object, answers a name or decides which backend is usable.
/// Start at NftPlan and DataplaneLoop.
@org.jspecify.annotations.NullMarked
module dev.fairway.dataplane {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.table;
    requires transitive dev.fairway.kernel;
    requires org.slf4j;

    exports dev.fairway.dataplane;
}
