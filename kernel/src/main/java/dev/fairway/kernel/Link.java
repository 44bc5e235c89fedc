package dev.fairway.kernel;

import java.util.Optional;

/// A network interface as the kernel describes it.
///
/// @param kind `veth`, `bridge`, or empty for real hardware and loopback
/// @param up whether it is set up (IFF_UP), not whether it has a carrier
/// @param mtuBytes largest packet
/// @param hardwareAddress six bytes as `02:42:ac:11:00:02`, empty when the link has none
/// @param master name of the bridge that it is a port of
public record Link(
        int index,
        String name,
        String kind,
        boolean up,
        int mtuBytes,
        String hardwareAddress,
        Optional<String> master) {}
