package dev.fairway.api.kind;

import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.random.RandomGenerator;

/// Numbers `0..size-1`, of which the first `reserved` are left for explicit requests as long as others are free
/// (KEP-3070 for addresses, KEP-3668 for node ports).
record Band(long size, long reserved) {

    static Band ofAddresses(long size) {
        return new Band(size, size <= 16 ? 0 : Math.clamp(size / 16, 16, 256));
    }

    static Band ofPorts(long size) {
        return new Band(size, size <= 16 ? 0 : Math.clamp(size / 32, 16, 128));
    }

    /// A free number: from a random start upwards with wrap-around in the upper part, then in the lower.
    Optional<Long> find(RandomGenerator random, LongPredicate isFree) {
        Optional<Long> upper = scan(random, reserved, size, isFree);
        return upper.isPresent() ? upper : scan(random, 0, reserved, isFree);
    }

    private static Optional<Long> scan(RandomGenerator random, long from, long to, LongPredicate isFree) {
        if (from >= to) {
            return Optional.empty();
        }
        long count = to - from;
        long start = random.nextLong(count);
        for (long i = 0; i < count; i++) {
            long candidate = from + Long.remainderUnsigned(start + i, count);
            if (isFree.test(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
