package dev.fairway.api;

import java.util.Arrays;

/// What Jazzer calls (`./dev bench fuzz-api`): the first byte chooses the door, the others come in by it.
public final class FuzzTarget {

    private FuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            FuzzDoor[] doors = FuzzDoor.values();
            doors[(input[0] & 0xff) % doors.length].knock(Arrays.copyOfRange(input, 1, input.length));
        }
    }
}
