package dev.fairway.dataplane;

import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceName;
import java.time.Instant;

/// How many packets to a frontend this node refused or dropped, as the kernel counts them. It does not say when: the
/// last one came between two looks at its counters.
///
/// @param frontend an address of any kind is a `ClusterIp` here: the packet does not show more
/// @param after the last look before it; `Instant.EPOCH` for none
/// @param until the first look that found it
public record DropCount(
        ServiceName service,
        Frontend frontend,
        Protocol protocol,
        DropReason reason,
        long packets,
        Instant after,
        Instant until) {}
