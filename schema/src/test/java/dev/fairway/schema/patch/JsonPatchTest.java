package dev.fairway.schema.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class JsonPatchTest {

    private static JsonNode list(String text) {
        return Json.parse("{\"list\":" + text + "}").path("list");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # before          | patch                                                    | after
            {}                | [{"op":"add","path":"/a","value":1}]                     | {"a":1}
            {"a":[1,2]}       | [{"op":"add","path":"/a/1","value":9}]                   | {"a":[1,9,2]}
            {"a":[1]}         | [{"op":"add","path":"/a/-","value":9}]                   | {"a":[1,9]}
            {"a":1}           | [{"op":"add","path":"/a","value":null}]                  | {"a":null}
            {"a":1}           | [{"op":"add","path":"","value":{"b":2}}]                 | {"b":2}
            {"a":{"b":1}}     | [{"op":"remove","path":"/a/b"}]                          | {"a":{}}
            {"a":[1,2]}       | [{"op":"remove","path":"/a/0"}]                          | {"a":[2]}
            {"a":[1,2]}       | [{"op":"replace","path":"/a/1","value":3}]               | {"a":[1,3]}
            {"a":1,"b":{}}    | [{"op":"move","from":"/a","path":"/b/c"}]                | {"b":{"c":1}}
            {"a":{"x":1}}     | [{"op":"copy","from":"/a","path":"/b"},{"op":"replace","path":"/b/x","value":2}] | {"a":{"x":1},"b":{"x":2}}
            {"a/b":1,"c~d":2} | [{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}] | {}
            {"a":1}           | [{"op":"test","path":"/a","value":1.0}]                  | {"a":1}
            {"a":{"b":[1]}}   | [{"op":"test","path":"/a","value":{"b":[1]}}]            | {"a":{"b":[1]}}
            {"":1}            | [{"op":"replace","path":"/","value":2}]                  | {"":2}
            """)
    void doesWhatTheOperationsSay(String before, String patch, String after) {
        ObjectNode object = Json.parse(before);
        ObjectNode copy = object.deepCopy();
        assertThat(Json.toText(JsonPatch.apply(object, list(patch)))).isEqualTo(after);
        assertThat(object).as("the object itself").isEqualTo(copy);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # patch                                          | code | the error says
            {}                                               | 400 | expected a list of operations
            [{"op":"jump","path":"/a"}]                      | 400 | op "jump" is none of
            [{"op":"add","value":1}]                         | 400 | lacks the field "path"
            [{"op":"add","path":"/a"}]                       | 400 | lacks the field "value"
            [{"op":"add","path":"a","value":1}]              | 400 | must be empty or begin with '/'
            [{"op":"move","from":"/o","path":"/o/x"}]        | 400 | cannot be moved into itself
            [{"op":"add","path":"/x/y","value":1}]           | 422 | path "/x/y" does not exist
            [{"op":"add","path":"/a/y","value":1}]           | 422 | path "/a/y" does not exist
            [{"op":"remove","path":"/x"}]                    | 422 | path "/x" does not exist
            [{"op":"remove","path":""}]                      | 422 | the whole object cannot be removed
            [{"op":"replace","path":"/x","value":1}]         | 422 | path "/x" does not exist
            [{"op":"remove","path":"/l/2"}]                  | 422 | there is no list entry "2"
            [{"op":"add","path":"/l/3","value":1}]           | 422 | there is no list entry "3"
            [{"op":"remove","path":"/l/01"}]                 | 422 | there is no list entry "01"
            [{"op":"remove","path":"/l/-1"}]                 | 422 | there is no list entry "-1"
            [{"op":"remove","path":"/l/99999999999"}]        | 422 | there is no list entry
            [{"op":"test","path":"/a","value":2}]            | 422 | testing path "/a" failed: expected 2, found 1
            [{"op":"add","path":"","value":[]}]              | 422 | the result is no object
            """)
    void refusesWhatDoesNotFit(String patch, int code, String error) {
        ObjectNode object = Json.parse("{\"a\":1,\"o\":{},\"l\":[1,2]}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(object, list(patch)))
                .withMessageContaining(error)
                .returns(code, ApiException::code);
    }

    @Test
    void tooManyOperationsAreRefused() {
        ArrayNode patch = (ArrayNode) list("[]");
        for (int i = 0; i <= JsonPatch.OPERATIONS_MAX; i++) {
            patch.addObject().put("op", "remove").put("path", "/a");
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(Json.object(), patch))
                .withMessage("the allowed maximum operations in a JSON patch is 10000, got 10001")
                .returns(413, ApiException::code);
    }

    /// Each operation doubles the object: 40 of them would fill any memory.
    @Test
    void copiesOfCopiesDoNotGrowWithoutBounds() {
        ArrayNode patch = (ArrayNode) list("[]");
        for (int i = 0; i < 40; i++) {
            patch.addObject().put("op", "copy").put("from", "").put("path", "/a" + i);
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(Json.object(), patch))
                .returns(413, ApiException::code);
    }

    /// Each move nests the tree ten levels deeper: a thousand of them would overflow the stack of its reader.
    @Test
    void movesDoNotNestWithoutBounds() {
        String deep = "/x".repeat(10);
        ArrayNode patch = (ArrayNode) list("[]");
        for (int i = 0; i < 1000; i++) {
            String holder = "/h" + i;
            ObjectNode value = Json.parse("{\"x\":".repeat(9) + "{}" + "}".repeat(9));
            patch.addObject().put("op", "add").put("path", holder).set("value", value);
            patch.addObject()
                    .put("op", "move")
                    .put("from", i == 0 ? "/a" : "/h" + (i - 1))
                    .put("path", holder + deep);
        }
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> JsonPatch.apply(Json.parse("{\"a\":1}"), patch))
                .withMessageContaining("nested deeper than 500")
                .returns(413, ApiException::code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # before           | patch                  | after
            {"a":"b"}          | {"a":"c"}              | {"a":"c"}
            {"a":"b"}          | {"b":"c"}              | {"a":"b","b":"c"}
            {"a":"b"}          | {"a":null}             | {}
            {"a":["b"]}        | {"a":"c"}              | {"a":"c"}
            {"a":{"b":"c"}}    | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}  | {"a":[1]}              | {"a":[1]}
            {"e":null}         | {"a":1}                | {"e":null,"a":1}
            {"a":"foo"}        | {"a":{"b":1}}          | {"a":{"b":1}}
            {}                 | {"a":{"bb":{"c":null}}} | {"a":{"bb":{}}}
            """)
    void mergePatchesFollowTheRfc(String before, String patch, String after) {
        assertThat(Json.toText(MergePatch.apply(Json.parse(before), Json.parse(patch))))
                .isEqualTo(after);
    }

    @Test
    void kindsAreKnownByTheirMediaTypes() {
        for (PatchKind kind : PatchKind.values()) {
            assertThat(PatchKind.ofMediaType(kind.mediaType() + ";charset=utf-8"))
                    .contains(kind);
        }
        assertThat(PatchKind.ofMediaType("application/json")).isEmpty();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Patches.apply(PatchKind.MERGE, Json.object(), list("[]"), Types.of("v1", "Service")))
                .withMessage("the patch is no object");
    }
}
