package dev.fairway.control.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.control.endpoints.SlicePacking.Packed;
import dev.fairway.control.endpoints.SlicePacking.Slice;
import dev.fairway.schema.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class SlicePackingTest {

    /// Slices of at most four endpoints; `s1:abc` is slice s1 with endpoints a, b and c, `*` marks one with old labels.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what                                    | existing            | wanted      | changed       | created   | removed
            nothing to do                           | s1:ab               | ab          |               |           |
            first endpoints                         |                     | abcde       |               | abcd e    |
            one leaves                              | s1:abc              | ac          | s1:ac         |           |
            all of a slice leave                    | s1:ab s2:cd         | cd          |               |           | s1
            new ones fill the changed slice         | s1:abc s2:de        | abdef       | s1:abf        |           |
            the fullest changed slice is filled 1st | s1:abc s2:defg      | abdefhi     | s2:defh s1:abi |          |
            the best fitting unchanged slice        | s1:a s2:bcd s3:ef   | abcdefg     | s2:bcdg       |           |
            too many for any: a new slice           | s1:abc s2:def       | abcdefgh    |               | gh        |
            full slices are left alone              | s1:abcd             | abcde       |               | e         |
            old labels are renewed                  | s1*:ab              | ab          | s1:ab         |           |
            """, useHeadersInDisplayName = true)
    void packsWithFewWrites(
            String what, String existing, String wanted, String changed, String created, String removed) {
        Packed packed = SlicePacking.pack(slices(existing), endpoints(wanted), 4);
        assertThat(words(packed.changed())).as(what).isEqualTo(words(changed));
        assertThat(packed.created().stream().map(SlicePackingTest::letters).toList())
                .as(what)
                .isEqualTo(words(created));
        assertThat(packed.removed().stream().toList()).as(what).isEqualTo(words(removed));
    }

    @Test
    void aChangedEndpointIsReplacedInPlace() {
        Map<String, ObjectNode> wanted = endpoints("ab");
        wanted.put("b", Json.object().put("name", "b").put("ready", false));
        Packed packed = SlicePacking.pack(slices("s1:ab s2:cd"), wanted, 4);
        assertThat(packed.changed().get("s1")).isEqualTo(List.copyOf(wanted.values()));
        assertThat(packed.removed()).containsExactly("s2");
    }

    /// After any change: all wanted endpoints are there exactly once, no slice is too full, and packing again changes
    /// nothing.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void keepsItsLawsUnderRandomChange(long seed) {
        Random random = new Random(seed);
        int limit = 5 + random.nextInt(10);
        Map<String, Map<String, ObjectNode>> slices = new LinkedHashMap<>();
        int names = 0;
        for (int round = 0; round < 200; round++) {
            Map<String, ObjectNode> wanted = randomEndpoints(random);
            Packed packed = SlicePacking.pack(toSlices(slices), wanted, limit);
            packed.removed().forEach(slices::remove);
            packed.changed().forEach((name, endpoints) -> slices.put(name, byName(endpoints)));
            for (List<ObjectNode> fresh : packed.created()) {
                slices.put("s" + names++, byName(fresh));
            }
            List<String> all = slices.values().stream()
                    .flatMap(slice -> slice.keySet().stream())
                    .sorted()
                    .toList();
            assertThat(all)
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(wanted.keySet().stream().sorted().toList());
            assertThat(slices.values()).allMatch(slice -> !slice.isEmpty() && slice.size() <= limit);
            Packed again = SlicePacking.pack(toSlices(slices), wanted, limit);
            assertThat(again.changed()).isEmpty();
            assertThat(again.created()).isEmpty();
            assertThat(again.removed()).isEmpty();
        }
    }

    private static Map<String, ObjectNode> randomEndpoints(Random random) {
        Map<String, ObjectNode> out = new LinkedHashMap<>();
        int count = random.nextInt(120);
        for (int number = 0; number < count; number++) {
            String name = "e" + random.nextInt(150);
            out.put(name, Json.object().put("name", name).put("ready", random.nextBoolean()));
        }
        return out;
    }

    private static List<Slice> toSlices(Map<String, Map<String, ObjectNode>> slices) {
        List<Slice> out = new ArrayList<>();
        slices.forEach((name, endpoints) -> out.add(new Slice(name, false, endpoints)));
        return out;
    }

    private static Map<String, ObjectNode> byName(List<ObjectNode> endpoints) {
        Map<String, ObjectNode> out = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> out.put(endpoint.get("name").stringValue(), endpoint));
        return out;
    }

    private static List<Slice> slices(String text) {
        return words(text).stream()
                .map(word -> word.split(":"))
                .map(parts -> new Slice(parts[0].replace("*", ""), parts[0].endsWith("*"), endpoints(parts[1])))
                .toList();
    }

    private static Map<String, ObjectNode> endpoints(String letters) {
        Map<String, ObjectNode> out = new LinkedHashMap<>();
        letters.chars()
                .mapToObj(Character::toString)
                .forEach(letter -> out.put(letter, Json.object().put("name", letter)));
        return out;
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : Stream.of(text.split(" +")).sorted().toList();
    }

    private static List<String> words(Map<String, List<ObjectNode>> slices) {
        return slices.entrySet().stream()
                .map(slice -> slice.getKey() + ":" + letters(slice.getValue()))
                .sorted()
                .toList();
    }

    private static String letters(List<ObjectNode> endpoints) {
        StringBuilder out = new StringBuilder();
        endpoints.forEach(endpoint -> out.append(endpoint.get("name").stringValue()));
        return out.toString();
    }
}
