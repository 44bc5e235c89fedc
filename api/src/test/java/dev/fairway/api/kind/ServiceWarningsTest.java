package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is accepted with a warning.
class ServiceWarningsTest {

    @TestFactory
    Stream<DynamicTest> warnings() {
        return Rows.read("service-warnings.txt").rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> {
                    String warnings = String.join(" ; ", warnings(row.cell(0)));
                    assertThat(warnings.isEmpty() ? "none" : warnings).isEqualTo(row.cell(1));
                }));
    }

    @Test
    void twinPortsAreWarnedOf() {
        assertThat(warnings("ClusterIP t=53 u=53/UDP"))
                .singleElement()
                .asString()
                .contains("53")
                .contains("--server-side");
    }

    private static List<String> warnings(String words) {
        try (Rig rig = new Rig(ServiceValidationRowsTest.RANGES)) {
            ObjectNode service = Json.object();
            service.set("spec", ServiceWords.spec(words.replace("annotated", "ClusterIP")));
            if (words.startsWith("annotated")) {
                Tree.makeObject(service, "metadata", "annotations")
                        .put("service.kubernetes.io/topology-aware-hints", "auto");
            }
            return rig.write(Resource.SERVICES, "web", Json.toText(service)).warnings();
        }
    }
}
