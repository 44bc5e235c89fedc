package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Objects without their managed fields, from text and from trees, and with them: the same by every way.
class LeanJsonTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"kind":"Pod"}                                                            | {"kind":"Pod"}
            {}                                                                        | {}
            {"metadata":{}}                                                           | {"metadata":{}}
            {"metadata":{"managedFields":[]}}                                         | {"metadata":{}}
            {"metadata":{"managedFields":[],"name":"a"}}                              | {"metadata":{"name":"a"}}
            {"metadata":{"name":"a","managedFields":[{"m":"x]}"}]}}                   | {"metadata":{"name":"a"}}
            {"metadata":{"name":"a","managedFields":[{"m":"\\"]}"}],"uid":"u"},"a":1} | {"metadata":{"name":"a","uid":"u"},"a":1}
            {"metadata":{"name":"a","managedFields":null,"uid":"u"}}                  | {"metadata":{"name":"a","uid":"u"}}
            {"a":{"managedFields":[1]},"metadata":{"labels":{"managedFields":"b"}}}   | {"a":{"managedFields":[1]},"metadata":{"labels":{"managedFields":"b"}}}
            {"a":"metadata","b":[{"metadata":{"managedFields":[1]}}],"c":-1.5}        | {"a":"metadata","b":[{"metadata":{"managedFields":[1]}}],"c":-1.5}
            {"managedFields":[1],"metadata":"none"}                                   | {"managedFields":[1],"metadata":"none"}
            { "metadata": { "managedFields": [ 1 ], "name": "a" } }                   | {"metadata":{"name":"a"}}
            """)
    void theManagedFieldsAreLeftOut(String text, String lean) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ObjectNode whole = Json.parse(bytes);

        assertThat(LeanJson.parse(bytes)).hasToString(lean);
        assertThat(LeanJson.of(whole)).hasToString(lean);
        assertThat(whole).as("not touched").isEqualTo(Json.parse(bytes));
        assertThat(LeanJson.parseWhole(bytes)).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``
            [1]
            {"metadata":{"managedFields":[1}}
            {"metadata":{"managedFields":[1]
            {"metadata":{"managedFields"
            {"metadata":{"name":"a
            {"metadata":{"name":"a\\
            """)
    void brokenTextIsRefused(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

        assertThatIllegalArgumentException().isThrownBy(() -> LeanJson.parse(bytes));
        assertThatIllegalArgumentException().isThrownBy(() -> LeanJson.parseWhole(bytes));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"items":[]}                                                      | [] {}
            {"kind":"PodList"}                                                | [] {"kind":"PodList"}
            {"items":null,"kind":"PodList"}                                   | [] {"items":null,"kind":"PodList"}
            {"items":[{"a":1},{"a":[{"items":[2]}]}]}                         | [{"a":1}, {"a":[{"items":[2]}]}] {}
            {"items":[{"metadata":{"managedFields":[1],"name":"a"}}],"b":[3]} | [{"metadata":{"name":"a"}}] {"b":[3]}
            {"metadata":{"continue":"x","items":[1]},"items":[{}]}            | [{}] {"metadata":{"continue":"x","items":[1]}}
            """)
    void aListIsReadObjectByObject(String text, String found) {
        List<ObjectNode> items = new ArrayList<>();
        ObjectNode rest = LeanJson.parseList(text.getBytes(StandardCharsets.UTF_8), items::add);

        assertThat(items + " " + rest).isEqualTo(found);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{"a":1}]
            {"items":[{"a":1},{"a"
            {"items":[{"a":1}
            {"items":[{"a":1}],
            """)
    void aBrokenListIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LeanJson.parseList(text.getBytes(StandardCharsets.UTF_8), _ -> {}));
    }

    @Test
    void ofAnObjectWithoutManagedFieldsNothingIsCopied() {
        ObjectNode object = Json.parse("{\"metadata\":{\"name\":\"a\"}}");

        assertThat(LeanJson.of(object)).isSameAs(object);
    }

    @Test
    void commonValuesAreKeptOnce() {
        ObjectNode one = LeanJson.parse("{\"type\":\"ClusterIP\",\"name\":\"web\"}".getBytes(StandardCharsets.UTF_8));
        ObjectNode other = LeanJson.parse("{\"type\":\"ClusterIP\",\"name\":\"web\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(one.get("type")).isSameAs(other.get("type"));
        assertThat(one).isEqualTo(other);
    }
}
