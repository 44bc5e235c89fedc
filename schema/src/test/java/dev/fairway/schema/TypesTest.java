package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.fairway.schema.Field.Topology;
import dev.fairway.schema.oracle.Descriptors;
import dev.fairway.schema.oracle.TypeTableWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TypesTest {

    static Stream<ObjectType> types() {
        return Types.all().stream();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyFieldIsTheDescriptors(ObjectType type) {
        Descriptor message = Descriptors.message(type.name());
        assertThat(type.wireFields()).hasSameSizeAs(message.getFields());
        for (Field field : type.wireFields()) {
            FieldDescriptor expected = message.findFieldByNumber(field.number());
            assertThat(expected)
                    .as("%s.%s = %d", type, field.name(), field.number())
                    .isNotNull();
            assertThat(field.name()).isEqualToIgnoringCase(expected.getName());
            assertThat(field.shape())
                    .as("%s.%s", type, field.name())
                    .isEqualTo(Shapes.parse(Descriptors.typeText(expected), ""));
        }
    }

    @Test
    void theTableIsWhatTheWriterWrites() throws IOException {
        List<String> kinds = TableText.lines("kinds.txt");
        try (var in = Types.class.getResourceAsStream("types.txt")) {
            assertThat(in).isNotNull();
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(TypeTableWriter.table(kinds));
        }
    }

    @Test
    void everyTypeThatAFieldNamesIsThere() {
        for (ObjectType type : Types.all()) {
            type.fields().values().forEach(field -> reference(field.shape()));
        }
    }

    private static void reference(Shape shape) {
        switch (shape) {
            case Shape.Message message ->
                assertThat(Types.named(message.type())).isNotNull();
            case Shape.ListOf list -> reference(list.element());
            case Shape.MapOf map -> reference(map.value());
            case Shape.Scalar _, Shape.Special _ -> {}
        }
    }

    /// A misspelt name in a hand-kept text would otherwise say nothing.
    @ParameterizedTest
    @CsvSource({"overlay.txt", "docs.txt"})
    void everyLineOfTheHandKeptTextsNamesATypeOrField(String text) {
        TreeSet<String> unknown = new TreeSet<>();
        for (TableText.Line line : TableText.read(text)) {
            if (line.type().startsWith("*")) {
                continue;
            }
            assertThat(line.field().isEmpty() || !line.rest().isEmpty())
                    .as("%s %s says nothing", line.type(), line.field())
                    .isTrue();
            ObjectType type = Types.named(line.type());
            boolean known =
                    line.field().isEmpty() || Descriptors.message(type.name()).findFieldByName(line.field()) != null;
            if (!known) {
                unknown.add(line.type() + " " + line.field());
            }
        }
        assertThat(unknown).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # type                                        | field        | merge key     | map keys
            io.k8s.api.core.v1.ServiceSpec                | ports        | port          | port,protocol
            io.k8s.api.core.v1.Container                  | ports        | containerPort | containerPort,protocol
            io.k8s.api.core.v1.Container                  | env          | name          | name
            io.k8s.api.core.v1.Container                  | volumeMounts | mountPath     | mountPath
            io.k8s.api.core.v1.PodSpec                    | containers   | name          | name
            io.k8s.api.core.v1.PodStatus                  | conditions   | type          | type
            io.k8s.api.core.v1.NodeStatus                 | addresses    | type          | type
            io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta | ownerReferences | uid      | uid
            """)
    void listsMergeByTheirKeys(String type, String field, String mergeKey, String mapKeys) {
        Field found = Types.named(type).field(field).orElseThrow();
        assertThat(found.merge()).isEqualTo(new Field.MergeRule(true, mergeKey, false));
        assertThat(found.ownership().topology()).isEqualTo(Topology.MAP);
        assertThat(found.ownership().keys()).containsExactly(mapKeys.split(","));
    }

    @Test
    void inlinedFieldsStandInTheObjectItself() {
        assertThat(Types.named("io.k8s.api.core.v1.Probe").fields()).containsKeys("httpGet", "periodSeconds");
        assertThat(Types.named("io.k8s.api.core.v1.Volume").fields()).containsKeys("name", "emptyDir");
        assertThat(Types.named("io.k8s.api.core.v1.SecretKeySelector").fields())
                .containsOnlyKeys("name", "key", "optional");
    }

    @Test
    void kindsAreFoundByVersionAndName() {
        assertThat(Types.of("v1", "Service").fields()).containsKeys("apiVersion", "kind", "metadata", "spec", "status");
        assertThat(Types.of("apps/v1", "DeleteOptions")).isSameAs(Types.of("v1", "DeleteOptions"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Types.of("v1", "Sandwich"))
                .withMessage("no kind \"Sandwich\" is served in version \"v1\"");
    }

    /// `kubectl explain service --recursive` must have a text for everything.
    @ParameterizedTest
    @CsvSource({
        "v1,Service",
        "v1,Endpoints",
        "discovery.k8s.io/v1,EndpointSlice",
        "networking.k8s.io/v1,IPAddress",
        "networking.k8s.io/v1,ServiceCIDR"
    })
    void everyFieldThatServicesTouchIsExplained(String apiVersion, String kind) {
        TreeSet<String> unexplained = new TreeSet<>();
        unexplained(Types.of(apiVersion, kind), unexplained);
        assertThat(unexplained).isEmpty();
    }

    private static void unexplained(ObjectType type, Set<String> out) {
        if (type.doc().isEmpty()) {
            out.add(type.name());
        }
        for (Field field : type.fields().values()) {
            if (field.doc().isEmpty()) {
                out.add(type.name() + " " + field.name());
            }
            Shape element = field.shape() instanceof Shape.ListOf list ? list.element() : field.shape();
            boolean internal = field.name().equals("managedFields");
            if (element instanceof Shape.Message message && !internal) {
                unexplained(Types.named(message.type()), out);
            }
        }
    }
}
