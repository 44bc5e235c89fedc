package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The hand-kept marks of required fields against the models of the official Java client, which are generated from
/// upstream's own OpenAPI document.
class RequiredFieldsTest {

    private static final String MODELS = "io.kubernetes.client.openapi.models.";

    /// Newer servers no longer ask for these, but Go still writes them when they are empty.
    private static final Map<String, Set<String>> STILL_WRITTEN = Map.of(
            "TokenRequestSpec", Set.of("audiences"),
            "EndpointSlice", Set.of("endpoints"),
            "RoleRef", Set.of("apiGroup"));

    static Stream<ObjectType> types() {
        return Types.all().stream().filter(type -> model(type).isPresent());
    }

    @ParameterizedTest
    @MethodSource("types")
    void asUpstreamSays(ObjectType type) throws ReflectiveOperationException {
        Set<?> required = (Set<?>)
                model(type).orElseThrow().getField("openapiRequiredFields").get(null);
        Set<String> ours = type.fields().values().stream()
                .filter(Field::required)
                .map(Field::name)
                .collect(Collectors.toCollection(TreeSet::new));
        ours.removeAll(STILL_WRITTEN.getOrDefault(type.shortName(), Set.of()));
        assertThat(ours).isEqualTo(required);
    }

    /// The client names a type by its version, and by its group where two groups have one of that name.
    private static Optional<Class<?>> model(ObjectType type) {
        String[] parts = type.name().split("\\.");
        String version = capital(parts[parts.length - 2]);
        String group = capital(parts[parts.length - 3]);
        return List.of(group + version, version).stream()
                .map(prefix -> MODELS + prefix + type.shortName())
                .<Class<?>>mapMulti((name, found) -> {
                    try {
                        found.accept(Class.forName(name));
                    } catch (ClassNotFoundException e) {
                        // the other way of naming
                    }
                })
                .findFirst();
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
