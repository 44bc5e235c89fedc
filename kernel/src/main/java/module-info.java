/// Typed access to the Linux kernel: libc calls, network namespaces, rtnetlink, nftables, conntrack, mounts, processes.
///
/// It may touch: native calls and file descriptors; it alone may.
/// It never knows a Service, takes a policy decision or retries.
/// Start at NetworkNamespace, Rtnetlink and NftConnection.
@org.jspecify.annotations.NullMarked
module dev.fairway.kernel {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.address;

    exports dev.fairway.kernel;
    exports dev.fairway.kernel.conntrack;
    exports dev.fairway.kernel.netlink;
    exports dev.fairway.kernel.nft;
}
