package dev.fairway.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairway.api.FuzzSeeds.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Bytes of strangers are taken or refused, by whatever door they come. `./dev bench fuzz-api` searches for more.
class FuzzTest {

    private static final int CHANGED = 10_000;
    private static final int CHANGED_OVER_HTTP = 300;

    @Test
    void everySeedIsTakenOrRefused() throws IOException {
        FuzzSeeds.read().seeds().forEach(seed -> knock("as it is", seed.door(), seed.bytes()));
    }

    @Test
    void changedSeedsAreTakenOrRefused() throws IOException {
        List<Seed> seeds = FuzzSeeds.read().seeds();
        changed(seeds.stream().filter(seed -> !seed.door().isRemote()).toList(), CHANGED);
        changed(seeds.stream().filter(seed -> seed.door().isRemote()).toList(), CHANGED_OVER_HTTP);
    }

    private static void changed(List<Seed> seeds, int count) {
        long start = System.nanoTime();
        System.out.println("fuzz seed " + start);
        for (int i = 0; i < count; i++) {
            Random random = new Random(start + i);
            Seed seed = seeds.get(random.nextInt(seeds.size()));
            byte[] bytes = seed.bytes();
            for (int changes = random.nextInt(5); changes >= 0; changes--) {
                bytes = change(bytes, random, seeds);
            }
            knock("of seed " + (start + i), seed.door(), bytes);
        }
    }

    private static byte[] change(byte[] bytes, Random random, List<Seed> seeds) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(9));
        byte[] piece = switch (random.nextInt(5)) {
            case 0 -> new byte[0];
            case 1 -> new byte[] {(byte) random.nextInt(256)};
            case 2 -> Arrays.copyOfRange(bytes, 0, at);
            case 3 -> slice(seeds.get(random.nextInt(seeds.size())).bytes(), random);
            default -> String.valueOf(random.nextLong() >> random.nextInt(64)).getBytes(UTF_8);
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(piece);
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }

    private static byte[] slice(byte[] bytes, Random random) {
        int from = random.nextInt(bytes.length + 1);
        return Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + random.nextInt(40)));
    }

    private static void knock(String which, FuzzDoor door, byte[] bytes) {
        try {
            door.knock(bytes);
        } catch (RuntimeException | AssertionError | StackOverflowError e) {
            throw new AssertionError(door + " " + which + ": " + HexFormat.of().formatHex(bytes), e);
        }
    }
}
