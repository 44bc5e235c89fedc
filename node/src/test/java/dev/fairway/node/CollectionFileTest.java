package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.client.ApiClient.Listing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class CollectionFileTest {

    @TempDir
    Path folder;

    private static ObjectNode object(String name, String value) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", "default").put("name", name);
        object.putObject("data").put("a", value);
        return object;
    }

    private static void replace(CollectionFile file, List<ObjectNode> objects, String revision) throws IOException {
        try (CollectionFile.Rewrite rewrite = file.rewrite()) {
            objects.forEach(rewrite::put);
            rewrite.finish(revision);
        }
    }

    private static Map<ObjectKey, Optional<ObjectNode>> changes(Random random, int step) {
        Map<ObjectKey, Optional<ObjectNode>> changes = new TreeMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ObjectNode object = object("o" + random.nextInt(6), "step " + step + "\n\u00e9");
            changes.put(Meta.key(object), Optional.of(object).filter(_ -> random.nextInt(3) > 0));
        }
        return changes;
    }

    /// Wherever a crash cuts the file, it says what was known at one moment; whole, what is known now.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void theFileSaysWhatWasKnownAtSomeMoment(long seed) throws IOException {
        Random random = new Random(seed);
        Path path = folder.resolve("all.lines");
        CollectionFile file = new CollectionFile(path);
        replace(file, List.of(object("o1", "x"), object("o2", "y")), "0");
        Map<ObjectKey, ObjectNode> model = new TreeMap<>(contents(file.read()));
        Set<Optional<Listing>> known = new HashSet<>(Set.of(Optional.empty(), file.read()));
        for (int step = 1; step <= 20; step++) {
            Map<ObjectKey, Optional<ObjectNode>> changes = changes(random, step);
            changes.forEach((key, object) -> object.ifPresentOrElse(it -> model.put(key, it), () -> model.remove(key)));
            file.append(changes, Integer.toString(step));

            assertThat(file.read())
                    .as("seed %d, step %d", seed, step)
                    .contains(new Listing(new ArrayList<>(model.values()), Integer.toString(step)));
            known.add(file.read());
        }
        byte[] whole = Files.readAllBytes(path);
        Path torn = folder.resolve("torn.lines");
        for (int length = 0; length <= whole.length; length += 1 + random.nextInt(20)) {
            Files.write(torn, Arrays.copyOf(whole, length));
            assertThat(known).as("seed %d, %d bytes", seed, length).contains(new CollectionFile(torn).read());
        }
    }

    private static Map<ObjectKey, ObjectNode> contents(Optional<Listing> listing) {
        Map<ObjectKey, ObjectNode> out = new TreeMap<>();
        listing.orElseThrow().items().forEach(object -> out.put(Meta.key(object), object));
        return out;
    }

    @Test
    void aChangeIsALineAndAFileOfOldLinesIsWrittenAnew() throws IOException {
        Path path = folder.resolve("all.lines");
        CollectionFile file = new CollectionFile(path);
        String text = "x".repeat(10_000);
        List<ObjectNode> objects = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            objects.add(object("o" + i, text));
        }
        replace(file, objects, "1");
        long before = Files.size(path);
        ObjectNode changed = object("o7", text + "y");
        file.append(Map.of(Meta.key(changed), Optional.of(changed)), "2");
        assertThat(Files.size(path) - before).isBetween(10_000L, 10_200L);

        long largest = 0;
        for (int revision = 3; revision < 1_000; revision++) {
            file.append(Map.of(Meta.key(changed), Optional.of(changed)), Integer.toString(revision));
            largest = Math.max(largest, Files.size(path));
        }
        assertThat(largest).isLessThan(3 * before + (2 << 20));
        objects.set(7, changed);
        assertThat(file.read().orElseThrow().resourceVersion()).isEqualTo("999");
        assertThat(contents(file.read()).values()).containsExactlyInAnyOrderElementsOf(objects);
    }

    @Test
    void whatComesAfterADamagedLineDoesNotCount() throws IOException {
        Path path = folder.resolve("all.lines");
        CollectionFile file = new CollectionFile(path);
        replace(file, List.of(object("o1", "x")), "4");
        for (int revision = 5; revision <= 7; revision++) {
            ObjectNode more = object("o" + revision, "y");
            file.append(Map.of(Meta.key(more), Optional.of(more)), Integer.toString(revision));
        }
        String whole = Files.readString(path);
        Listing before = new Listing(List.of(object("o1", "x"), object("o5", "y")), "5");
        for (String damage : List.of("+{\"metadata\"", "+[]", "\0\0\0", "")) {
            Files.writeString(path, whole.replaceFirst("(?m)^.*\"o6\".*$", Matcher.quoteReplacement(damage)));
            assertThat(new CollectionFile(path).read()).as(damage).contains(before);
        }
    }

    @Test
    void whatAnotherProcessLeftIsNotAddedTo() throws IOException {
        Path path = folder.resolve("all.lines");
        replace(new CollectionFile(path), List.of(object("o1", "x")), "4");
        CollectionFile file = new CollectionFile(path);
        ObjectNode other = object("o2", "y");
        file.append(Map.of(Meta.key(other), Optional.of(other)), "5");

        assertThat(file.read()).contains(new Listing(List.of(object("o1", "x")), "4"));
    }

    /// A list that broke off says nothing, and one that could not be written makes the old one worthless.
    @Test
    void onlyAWholeListTakesThePlace() throws IOException {
        Path path = folder.resolve("all.lines");
        CollectionFile file = new CollectionFile(path);
        replace(file, List.of(object("o1", "x")), "4");
        try (CollectionFile.Rewrite broken = file.rewrite()) {
            broken.put(object("o2", "y"));
        }
        ObjectNode more = object("o3", "z");
        file.append(Map.of(Meta.key(more), Optional.of(more)), "5");
        assertThat(file.read()).contains(new Listing(List.of(object("o1", "x"), more), "5"));

        Files.createDirectory(folder.resolve("all.lines.listed"));
        assertThatThrownBy(() -> replace(file, List.of(object("o4", "x")), "6")).isInstanceOf(IOException.class);
        file.append(Map.of(Meta.key(more), Optional.empty()), "7");
        assertThat(file.read()).isEmpty();
    }
}
