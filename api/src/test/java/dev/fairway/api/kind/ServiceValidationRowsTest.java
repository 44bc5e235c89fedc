package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.api.registry.Section;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a Service may be, row by row. A refusal must say the same in its message and in its causes, and take nothing.
class ServiceValidationRowsTest {

    static final ServiceRanges RANGES =
            new ServiceRanges(List.of(Cidr.parse("10.0.0.0/24"), Cidr.parse("fd00::/112")), 30_000, 30_100, Map.of());
    private static final Map<String, String> REASONS = Map.of(
            "Required value", "FieldValueRequired",
            "Invalid value", "FieldValueInvalid",
            "Unsupported value", "FieldValueNotSupported",
            "Forbidden", "FieldValueForbidden",
            "Duplicate value", "FieldValueDuplicate");

    @TestFactory
    Stream<DynamicTest> rules() {
        return Rows.read("service-validation.txt").rows().stream()
                .map(row -> DynamicTest.dynamicTest(row.toString(), () -> run(row)));
    }

    /// `what stands | request | refusal, or ok`
    private static void run(Rows.Row row) {
        try (Rig rig = new Rig(RANGES)) {
            if (!row.cell(0).equals("-")) {
                rig.service("web", Json.toText(ServiceWords.spec(row.cell(0))));
            }
            List<String> held = rig.allocations();
            String got = outcome(rig, row.cell(1));
            assertThat(got).isEqualTo(row.cell(2));
            if (!got.equals("ok")) {
                assertThat(rig.allocations()).as("a refusal takes nothing").isEqualTo(held);
            }
            for (ObjectNode service : rig.services()) {
                rig.edit(
                        Resource.SERVICES,
                        Meta.name(service),
                        object -> Tree.makeObject(object, "metadata").remove("finalizers"));
                rig.delete(Resource.SERVICES, Meta.name(service));
            }
            assertThat(rig.allocations()).as("left behind").isEmpty();
        }
    }

    private static String outcome(Rig rig, String request) {
        String verb = request.split(" ", 2)[0];
        try {
            write(rig, verb, request.substring(verb.length()).strip());
            return "ok";
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(422);
            assertThat(e.reason()).isEqualTo("Invalid");
            String text = e.text().replaceFirst("^Service \".*?\" is invalid: ", "");
            checkCauses(e.details().causes(), text);
            return text;
        }
    }

    private static void checkCauses(List<ApiException.Cause> causes, String text) {
        String joined = causes.stream()
                .map(cause -> cause.field() + ": " + cause.message())
                .distinct()
                .collect(Collectors.joining(", "));
        assertThat(text).isEqualTo(causes.size() == 1 ? joined : "[" + joined + "]");
        for (ApiException.Cause cause : causes) {
            assertThat(cause.reason()).isEqualTo(REASONS.get(cause.message().replaceFirst(":.*", "")));
        }
    }

    private static void write(Rig rig, String verb, String words) {
        switch (verb) {
            case "create" -> rig.service("web", Json.toText(ServiceWords.spec(words)));
            case "put" -> rig.putService("web", Json.toText(ServiceWords.spec(words)));
            case "patch" -> rig.patchService("web", Json.toText(ServiceWords.spec(words)));
            case "name" -> rig.service(words, "{'ports':[{'port':80}]}");
            case "meta" -> withMetadata(rig, Rig.json(words));
            case "status" -> status(rig, Rig.json(words));
            default -> throw new IllegalArgumentException("no such verb: " + verb);
        }
    }

    private static void withMetadata(Rig rig, ObjectNode metadata) {
        ObjectNode service = Json.object();
        service.set("spec", ServiceWords.spec(Tree.text(metadata, "spec") + " 80"));
        metadata.remove("spec");
        service.set("metadata", metadata);
        rig.create(Resource.SERVICES, "web", Json.toText(service));
    }

    private static void status(Rig rig, ObjectNode ingress) {
        ObjectNode service = rig.get(Resource.SERVICES, "web").deepCopy();
        Tree.makeArray(Tree.makeObject(service, "status", "loadBalancer"), "ingress")
                .add(ingress);
        rig.replace(Resource.SERVICES, "web", Section.STATUS, service);
    }
}
