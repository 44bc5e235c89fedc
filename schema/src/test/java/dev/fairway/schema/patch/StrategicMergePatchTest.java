package dev.fairway.schema.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergePatchTest {

    private static String service(String before, String patch) {
        return Json.toText(StrategicMergePatch.apply(Json.parse(before), Json.parse(patch), Types.of("v1", "Service")));
    }

    @ParameterizedTest(name = "{1} onto {0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # before                                       | patch                                    | after
            # fields
            {"a":1}                                        | {"b":2}                                  | {"a":1,"b":2}
            {"a":1,"b":2}                                  | {"a":null}                               | {"b":2}
            {"spec":{"selector":{"a":"1","b":"2"}}}        | {"spec":{"selector":{"b":null,"c":"3"}}} | {"spec":{"selector":{"a":"1","c":"3"}}}
            {"spec":{"selector":{"a":"1"}}}                | {"spec":{"selector":{"$patch":"replace","c":"3"}}} | {"spec":{"selector":{"c":"3"}}}
            {"spec":{"selector":{"a":"1"}}}                | {"spec":{"selector":{"$patch":"delete"}}} | {"spec":{"selector":{}}}
            {"spec":{}}                                    | {"spec":{"selector":{"a":null,"b":"1"}}} | {"spec":{"selector":{"b":"1"}}}
            # lists without a merge rule are replaced
            {"spec":{"externalIPs":["1.1.1.1"]}}           | {"spec":{"externalIPs":["2.2.2.2"]}}     | {"spec":{"externalIPs":["2.2.2.2"]}}
            # ports merge by port; new ones of the patch come first
            {"spec":{"ports":[{"port":80,"name":"a"}]}}    | {"spec":{"ports":[{"port":80,"nodePort":3}]}} | {"spec":{"ports":[{"port":80,"name":"a","nodePort":3}]}}
            {"spec":{"ports":[{"port":80}]}}               | {"spec":{"ports":[{"port":81}]}}         | {"spec":{"ports":[{"port":81},{"port":80}]}}
            {"spec":{"ports":[{"port":80},{"port":81}]}}   | {"spec":{"ports":[{"port":80,"$patch":"delete"}]}} | {"spec":{"ports":[{"port":81}]}}
            {"spec":{"ports":[{"port":80},{"port":81}]}}   | {"spec":{"ports":[{"$patch":"replace"},{"port":1}]}} | {"spec":{"ports":[{"port":1}]}}
            {"spec":{}}                                    | {"spec":{"ports":[{"port":1,"$patch":"delete"},{"port":2}]}} | {"spec":{"ports":[{"port":2}]}}
            # the known flaw: twins of one number cannot be told apart
            {"spec":{"ports":[{"port":53,"protocol":"TCP"}]}} | {"spec":{"ports":[{"port":53,"protocol":"UDP"}]}} | {"spec":{"ports":[{"port":53,"protocol":"UDP"}]}}
            {"spec":{"ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}} | {"spec":{"ports":[{"port":53,"name":"x"}]}} | {"spec":{"ports":[{"port":53,"protocol":"TCP","name":"x"},{"port":53,"protocol":"UDP"}]}}
            # sets of scalars
            {"metadata":{"finalizers":["a","b"]}}          | {"metadata":{"finalizers":["b","c"]}}    | {"metadata":{"finalizers":["a","b","c"]}}
            {"metadata":{"finalizers":["a","b"]}}          | {"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}} | {"metadata":{"finalizers":["b"]}}
            {"metadata":{"finalizers":["a","b"]}}          | {"metadata":{"$setElementOrder/finalizers":["b","a"]}} | {"metadata":{"finalizers":["b","a"]}}
            # order
            {"spec":{"ports":[{"port":1},{"port":2},{"port":3}]}} | {"spec":{"$setElementOrder/ports":[{"port":3},{"port":1}]}} | {"spec":{"ports":[{"port":2},{"port":3},{"port":1}]}}
            {"spec":{"ports":[{"port":1},{"port":2}]}}     | {"spec":{"$setElementOrder/ports":[{"port":1},{"port":9},{"port":2}],"ports":[{"port":9}]}} | {"spec":{"ports":[{"port":1},{"port":9},{"port":2}]}}
            {"spec":{"ports":[{"port":1}]}}                | {"spec":{"$setElementOrder/ports":[{"port":2}],"ports":[{"port":2},{"port":1,"$patch":"delete"}]}} | {"spec":{"ports":[{"port":2}]}}
            {"spec":{}}                                    | {"spec":{"$setElementOrder/ports":[{"port":2}],"ports":[{"port":2}]}} | {"spec":{"ports":[{"port":2}]}}
            {"spec":{}}                                    | {"spec":{"$setElementOrder/ports":[{"port":2}]}} | {"spec":{}}
            """)
    void mergesAsUpstreamDoes(String before, String patch, String after) {
        assertThat(service(before, patch)).isEqualTo(after);
    }

    @Test
    void theStrategyOfADeploymentRetainsOnlyTheNamedKeys() {
        String before = "{\"spec\":{\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"maxSurge\":1}}}}";
        String patch = "{\"spec\":{\"strategy\":{\"$retainKeys\":[\"type\"],\"type\":\"Recreate\"}}}";
        assertThat(Json.toText(StrategicMergePatch.apply(
                        Json.parse(before), Json.parse(patch), Types.of("apps/v1", "Deployment"))))
                .isEqualTo("{\"spec\":{\"strategy\":{\"type\":\"Recreate\"}}}");
    }

    @Test
    void containersMergeByNameAndTheirEnvironmentToo() {
        String before = """
                {"spec":{"containers":[{"name":"a","env":[{"name":"X","value":"1"},{"name":"Y","value":"2"}]},
                {"name":"b"}]}}""";
        String patch = """
                {"spec":{"$setElementOrder/containers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"a",
                "$setElementOrder/env":[{"name":"Y"}],"env":[{"name":"X","$patch":"delete"},
                {"name":"Y","value":"3"}]}]}}""";
        assertThat(Json.toText(StrategicMergePatch.apply(Json.parse(before), Json.parse(patch), Types.of("v1", "Pod"))))
                .isEqualTo("{\"spec\":{\"containers\":[{\"name\":\"a\",\"env\":[{\"name\":\"Y\",\"value\":\"3\"}]},"
                        + "{\"name\":\"b\"}]}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # patch                                               | the error says
            {"spec":{"ports":[{"name":"a"}]}}                     | ports: entry {"name":"a"} lacks the merge key "port"
            {"spec":{"$patch":"explode"}}                         | $patch: "explode" is none of merge, replace, delete
            {"spec":{"$retainKeys":["a"],"b":1}}                  | field "b" is in the patch but not in its $retainKeys
            {"spec":{"$retainKeys":1}}                            | $retainKeys must be a list
            {"spec":{"$setElementOrder/ports":1}}                 | must be a list
            {"spec":{"$setElementOrder/ports":[{"port":2},{"port":1}],"ports":[{"port":1},{"port":2}]}} | not in the order
            {"spec":{"$setElementOrder/ports":[{"port":2}],"ports":[{"port":1}]}} | not in the order
            """)
    void malformedPatchesAreRefused(String patch, String error) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> service("{\"spec\":{\"ports\":[{\"port\":7}]}}", patch))
                .withMessageContaining(error)
                .returns(400, ApiException::code);
    }

    @Test
    void theObjectThatIsPatchedStaysAsItWas() {
        var before = Json.parse("{\"spec\":{\"ports\":[{\"port\":80}]}}");
        var copy = before.deepCopy();
        StrategicMergePatch.apply(
                before,
                Json.parse("{\"spec\":{\"ports\":[{\"port\":80,\"name\":\"x\"}],\"type\":\"NodePort\"}}"),
                Types.of("v1", "Service"));
        assertThat(before).isEqualTo(copy);
    }
}
