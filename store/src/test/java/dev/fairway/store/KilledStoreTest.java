package dev.fairway.store;

import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged before `kill -9` is there afterwards, round after round on one state; and a state that is torn
/// after such a death is whole or refused. `./dev bench kill` plays many rounds over 20,000 objects.
class KilledStoreTest {

    private static final int ROUNDS = Integer.getInteger("fairway.kill.rounds", 4);
    private static final int OBJECTS = Integer.getInteger("fairway.kill.objects", 500);
    private static final long SEED = Long.getLong("fairway.kill.seed", System.nanoTime());
    private static final int WRITERS = 4;
    private static final int ALIVE_MILLIS_MAX = 600;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> acknowledged = new HashMap<>();
    private final List<Long> startMillis = new ArrayList<>();
    private Path state;
    private long revision;
    private int refused;
    private int whole;

    /// The child: each writer moves a pair of keys from number to number, in one transaction, and says each
    /// acknowledged number on stdout.
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Store store = Stores.sqlite(Path.of(args[0]));
            for (int i = 0; i < WRITERS; i++) {
                String key = "/writer/" + i;
                int first = value(store, key).map(Integer::parseInt).orElse(0) + 1;
                Thread.ofPlatform().start(() -> {
                    for (int n = first; ; n++) {
                        done(
                                store,
                                put(key, "" + n),
                                put("/held" + key + "/" + n, "x".repeat(n % 3_000)),
                                Keys.delete("/held" + key + "/" + (n - 1)));
                        say(key + " " + n);
                    }
                });
            }
        }

        private static synchronized void say(String line) {
            System.out.println(line);
        }
    }

    @BeforeEach
    void fill() {
        state = folder.resolve("state");
        try (Store store = Stores.sqlite(state)) {
            for (int i = 0; i < OBJECTS; i += 500) {
                Store.Change[] some = java.util.stream.IntStream.range(i, Math.min(OBJECTS, i + 500))
                        .mapToObj(n -> put("/object/" + n, ("{\"spec\":" + n + "}").repeat(60)))
                        .toArray(Store.Change[]::new);
                revision = done(store, some);
            }
        }
    }

    @Test
    void acknowledgedWritesSurvive() throws Exception {
        System.err.println("seed " + SEED + ", " + ROUNDS + " rounds, " + OBJECTS + " objects");
        for (int round = 0; round < ROUNDS; round++) {
            liveAndDie();
            if (round % 2 == 0) {
                tear(round);
            }
            check(state, "round " + round);
        }
        System.err.printf(
                "%d rounds, %d acknowledged, start-up %d ms at most; of the torn states %d refused, %d whole%n",
                ROUNDS,
                acknowledged.values().stream().mapToInt(Integer::intValue).sum(),
                startMillis.stream().mapToLong(Long::longValue).max().orElse(0),
                refused,
                whole);
    }

    private void liveAndDie() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        Child.class.getName(),
                        state.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = child.inputReader()) {
            note(lines.readLine());
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(ALIVE_MILLIS_MAX));
            while (System.nanoTime() < end) {
                note(lines.readLine());
            }
            child.toHandle().destroyForcibly(); // unlike Process, leaves the pipe readable
            lines.lines().forEach(this::note);
        }
        child.waitFor();
    }

    private void note(String line) {
        if (!line.matches("/writer/\\d \\d+")) {
            return; // the logger's, or cut off by the kill
        }
        String[] words = line.split(" ");
        acknowledged.merge(words[0], Integer.parseInt(words[1]), Math::max);
    }

    private void check(Path where, String when) {
        long start = System.nanoTime();
        try (Store store = Stores.sqlite(where)) {
            startMillis.add((System.nanoTime() - start) / 1_000_000);
            assertThat(store.revision()).as(when).isGreaterThanOrEqualTo(revision);
            revision = Math.max(revision, store.revision());
            assertThat(store.list("/object/").entries()).as(when).hasSize(OBJECTS);
            acknowledged.forEach((key, number) -> {
                int found = Integer.parseInt(value(store, key).orElseThrow());
                assertThat(found).as("%s, %s", when, key).isGreaterThanOrEqualTo(number);
                assertThat(store.list("/held" + key + "/").entries())
                        .as(when)
                        .extracting(Store.Entry::key)
                        .containsExactly("/held" + key + "/" + found);
            });
        }
    }

    /// Cuts a file of a copy of the state short, or overwrites a piece of it, as a failing disk would.
    private void tear(int round) throws IOException {
        Path copy = Files.createDirectory(folder.resolve("torn-" + round));
        List<Path> files;
        try (Stream<Path> all = Files.list(state)) {
            files = all.sorted().toList();
        }
        for (Path file : files) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        Path victim = copy.resolve(files.get(random.nextInt(files.size())).getFileName());
        try (FileChannel channel = FileChannel.open(victim, StandardOpenOption.WRITE)) {
            long at = (long) (random.nextDouble() * channel.size());
            if (random.nextBoolean()) {
                channel.truncate(at);
            } else {
                byte[] rubbish = new byte[random.nextInt(1, 512)];
                random.nextBytes(rubbish);
                channel.write(java.nio.ByteBuffer.wrap(rubbish), at);
            }
        }
        try {
            check(copy, "torn " + victim.getFileName() + " in round " + round + ", seed " + SEED);
            whole++;
        } catch (StoreException e) {
            assertThat(e.text()).contains(copy.toString());
            refused++;
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path")
                + System.getProperty("path.separator")
                + System.getProperty("jdk.module.path", "")
                + System.getProperty("path.separator")
                + Path.of("target/classes").toAbsolutePath()
                + System.getProperty("path.separator")
                + Path.of("target/test-classes").toAbsolutePath();
    }
}
