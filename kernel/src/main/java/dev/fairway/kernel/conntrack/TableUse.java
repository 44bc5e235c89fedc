package dev.fairway.kernel.conntrack;

/// How full a namespace's table of tracked connections is, and what was lost for want of room since the namespace was
/// made (`NF_CONNTRACK` statistics of `linux/netfilter/nfnetlink_conntrack.h`, summed over processors).
///
/// @param entries connections that are tracked now
/// @param maximum how many there may be (`net.netfilter.nf_conntrack_max`); 0 for no limit
/// @param dropped packets that were dropped because their connection could not be tracked
/// @param evicted connections without an answer that had to go before their time to make room
public record TableUse(long entries, long maximum, long dropped, long evicted) {}
