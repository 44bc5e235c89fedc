package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/// Creating, changing and deleting Services, row by row: the tables state upstream's rules. After every row exactly
/// what
/// the Services show is taken, and after the Services are gone nothing is.
class ServiceRowsTest {

    @TestFactory
    Stream<DynamicTest> creations() {
        return tests("service-create.txt");
    }

    @TestFactory
    Stream<DynamicTest> typeChanges() {
        return tests("service-retype.txt");
    }

    @TestFactory
    Stream<DynamicTest> stackChanges() {
        return tests("service-stacks.txt");
    }

    @TestFactory
    Stream<DynamicTest> ports() {
        return tests("service-ports.txt");
    }

    @TestFactory
    Stream<DynamicTest> otherWrites() {
        return tests("service-writes.txt");
    }

    private static Stream<DynamicTest> tests(String file) {
        return Rows.read(file).rows().stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> run(row)));
    }

    /// `cluster | what stands | request | what it becomes, or the refusal | keys taken`
    private static void run(Rows.Row row) {
        try (Rig rig = new Rig(cluster(row.cell(0)))) {
            boolean stands = !row.cell(1).equals("-");
            ObjectNode before = Json.object();
            if (stands) {
                rig.service("web", Json.toText(ServiceWords.spec(row.cell(1))));
                before = rig.get(Resource.SERVICES, "web");
            }
            List<String> held = rig.allocations();
            String got = outcome(rig, before, row.cell(2));
            assertThat(got).as(row.toString()).isEqualTo(row.cell(3));
            if (got.matches("[0-9]{3} .*") || row.cell(2).startsWith("dry-")) {
                assertThat(rig.allocations()).as("a refusal takes nothing").isEqualTo(held);
            }
            checkHeld(rig, row.cell(4));
        }
    }

    private static ServiceRanges cluster(String words) {
        String[] parts = words.split(" ");
        List<Cidr> blocks = parts[0].chars()
                .mapToObj(c -> Cidr.parse(c == '4' ? "10.0.0.0/24" : "fd00::/112"))
                .toList();
        int last = parts.length > 1 ? Integer.parseInt(parts[1]) : 30_100;
        return new ServiceRanges(blocks, 30_000, last, Map.of());
    }

    private static String outcome(Rig rig, ObjectNode before, String request) {
        String verb = request.split(" ", 2)[0];
        String words = request.substring(verb.length()).strip();
        try {
            return ServiceLook.of(before, words, write(rig, verb, words));
        } catch (ApiException e) {
            return e.code() + " " + e.text().replaceFirst("^Service \"[a-z]*\" is invalid: ", "");
        }
    }

    private static ObjectNode write(Rig rig, String verb, String words) {
        ObjectNode spec = ServiceWords.spec(words);
        return switch (verb) {
            case "create" -> rig.service("web", Json.toText(spec));
            case "other" -> rig.service("other", Json.toText(spec));
            case "dry-create" -> rig.dryRun("web", spec);
            case "put" -> rig.putService("web", Json.toText(spec));
            case "patch" -> rig.patchService("web", Json.toText(spec));
            case "dry-patch" -> rig.dryPatch("web", spec);
            default -> throw new IllegalArgumentException("no such verb: " + verb);
        };
    }

    /// What is taken is what the Services show, and goes with them.
    private static void checkHeld(Rig rig, String count) {
        TreeSet<String> shown = new TreeSet<>();
        List<ObjectNode> all = rig.services();
        all.forEach(service -> ServiceFields.claimedKeys(service).forEach(key -> shown.add(Rig.shortKey(key))));
        assertThat(rig.allocations()).containsExactlyInAnyOrderElementsOf(shown);
        assertThat(shown).as("keys taken").hasSize(Integer.parseInt(count));
        all.forEach(service -> rig.delete(Resource.SERVICES, dev.fairway.schema.Meta.name(service)));
        assertThat(rig.allocations()).as("left behind").isEmpty();
    }
}
