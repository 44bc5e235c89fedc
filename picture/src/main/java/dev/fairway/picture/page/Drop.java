package dev.fairway.picture.page;

import java.time.Instant;

/// Packets to an address of a Service that a node did not let pass. The kernel counts them; the last one came between
/// two looks at the counter.
///
/// @param frontend address or node port, and protocol
/// @param reason in words
/// @param after the last look before the last one; `Instant.EPOCH` for none
/// @param until the first look that found it
public record Drop(String node, String frontend, String reason, long packets, Instant after, Instant until) {}
