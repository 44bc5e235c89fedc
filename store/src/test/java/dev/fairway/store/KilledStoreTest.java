package dev.fairway.store;

import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/// What was acknowledged before `kill -9` is there afterwards.
class KilledStoreTest {

    private static final int WRITERS = 4;

    @TempDir
    Path folder;

    /// The child: writes counters from several threads and says each acknowledged one on stdout.
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            Store store = Stores.sqlite(Path.of(args[0]));
            for (int i = 0; i < WRITERS; i++) {
                String key = "/writer/" + i;
                Thread.ofPlatform().start(() -> {
                    for (int n = 0; ; n++) {
                        done(store, put(key, "" + n));
                        say(key + " " + n);
                    }
                });
            }
        }

        private static synchronized void say(String line) {
            System.out.println(line);
        }
    }

    @RepeatedTest(3)
    void acknowledgedWritesSurvive() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath(),
                        Child.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Map<String, Integer> acknowledged = new HashMap<>();
        try (BufferedReader lines = child.inputReader()) {
            for (int i = 0; i < 400; i++) {
                note(acknowledged, lines.readLine());
            }
            child.toHandle().destroyForcibly(); // unlike Process, leaves the pipe readable
            lines.lines().filter(line -> line.matches("/writer/\\d \\d+")).forEach(line -> note(acknowledged, line));
        }
        child.waitFor();
        try (Store store = Stores.sqlite(folder)) {
            assertThat(acknowledged).isNotEmpty();
            acknowledged.forEach((key, number) -> assertThat(
                            Integer.parseInt(value(store, key).orElseThrow()))
                    .as(key)
                    .isGreaterThanOrEqualTo(number));
            assertThat(store.revision()).isGreaterThan(400);
        }
    }

    private static void note(Map<String, Integer> acknowledged, String line) {
        String[] words = line.split(" ");
        acknowledged.merge(words[0], Integer.parseInt(words[1]), Math::max);
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
