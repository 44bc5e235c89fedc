package dev.fairway.api;

import java.io.IOException;
import java.util.Arrays;

/// What Jazzer calls (`./dev bench fuzz-api`): the first byte chooses the door, the others come in by it.
public final class FuzzTarget {

    private FuzzTarget() {}

    /// Starts the server and warms the doors up, which would take too long for one input.
    public static void fuzzerInitialize() throws IOException {
        FuzzSeeds.read().seeds().forEach(seed -> seed.door().knock(seed.bytes()));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            FuzzDoor[] doors = FuzzDoor.values();
            doors[(input[0] & 0xff) % doors.length].knock(Arrays.copyOfRange(input, 1, input.length));
        }
    }
}
