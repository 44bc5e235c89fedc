package dev.fairway.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

    private static final Decoder.Expected SERVICE = new Decoder.Expected("v1", "Service");

    private static Decoded decode(String body, FieldValidation mode) {
        return decode(body, Format.JSON, mode);
    }

    private static Decoded decode(String body, Format format, FieldValidation mode) {
        return Decoder.decode(body.getBytes(StandardCharsets.UTF_8), format, SERVICE, mode);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # body                                            | problems
            {"spec":{"foo":1}}                                | unknown field "spec.foo"
            {"foo":1}                                         | unknown field "foo"
            {"spec":{"Type":"NodePort"}}                      | unknown field "spec.Type"
            {"spec":{"ports":[{"port":1},{"prot":2}]}}        | unknown field "spec.ports[1].prot"
            {"spec":{"type":"a","type":"b"}}                  | duplicate field "spec.type"
            {"spec":{"selector":{"a":"b","a":"c"}}}           | duplicate field "spec.selector.a"
            {"metadata":{"name":"a","name":"b","x":{}}}       | duplicate field "metadata.name", unknown field "metadata.x"
            {"spec":{"foo":1,"type":"a","type":"b"}}          | unknown field "spec.foo", duplicate field "spec.type"
            {"spec":{"type":"a","foo":1,"type":"b"}}          | unknown field "spec.foo", duplicate field "spec.type"
            {"spec":{"foo":1,"foo":2}}                        | unknown field "spec.foo"
            {"spec":{"ports":[{"port":1,"port":2}]},"spam":0} | duplicate field "spec.ports[0].port", unknown field "spam"
            """)
    void unknownAndDuplicateFieldsAreRefusedNotedOrIgnored(String body, String problems) {
        assertThat(String.join(", ", decode(body, FieldValidation.WARN).warnings()))
                .isEqualTo(problems);
        assertThat(decode(body, FieldValidation.IGNORE).warnings()).isEmpty();
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> decode(body, FieldValidation.STRICT))
                .withMessage(
                        "Service in version \"v1\" cannot be handled as a Service: strict decoding error: " + problems)
                .returns(400, ApiException::code);
    }

    @Test
    void theGroupIsNoPartOfTheVersion() {
        Decoder.Expected deployment = new Decoder.Expected("apps/v1", "Deployment");
        byte[] body = "{\"spec\":{\"foo\":1}}".getBytes(StandardCharsets.UTF_8);
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Decoder.decode(body, Format.JSON, deployment, FieldValidation.STRICT))
                .withMessage("Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error:"
                        + " unknown field \"spec.foo\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # body                                       | the error says
            {"spec":{"ports":[{"port":"80"}]}}           | spec.ports[0].port: expected a 32-bit integer, got the string "80"
            {"spec":{"ports":[{"port":80.5}]}}           | spec.ports[0].port: expected a 32-bit integer, got the number 80.5
            {"spec":{"ports":[{"port":4294967296}]}}     | spec.ports[0].port: expected a 32-bit integer, got the number 4294967296
            {"spec":{"ports":{"port":80}}}               | spec.ports: expected a list, got an object
            {"spec":{"ports":[7]}}                       | spec.ports[0]: expected an object, got the number 7
            {"spec":{"selector":{"a":1}}}                | spec.selector.a: expected a string, got the number 1
            {"spec":{"selector":"a"}}                    | spec.selector: expected a map, got the string "a"
            {"spec":{"type":["x"]}}                      | spec.type: expected a string, got a list
            {"spec":{"ports":[{"targetPort":true}]}}     | spec.ports[0].targetPort: expected an integer or a string, got a boolean
            {"spec":{"publishNotReadyAddresses":"yes"}}  | spec.publishNotReadyAddresses: expected a boolean
            {"metadata":{"creationTimestamp":"today"}}   | metadata.creationTimestamp: expected a time such as
            {"metadata":{"generation":1e3}}              | metadata.generation: expected an integer
            []                                           | the object: expected an object, got a list
            {"spec":                                     | not readable as JSON, line 1
            {} {}                                        | more than one JSON document
            {"a":tru}                                    | not readable as JSON, line 1
            {"kind":"Sandwich"}                          | no kind "Sandwich" is registered for version "v1"
            {"apiVersion":"v9"}                          | no kind "Service" is registered for version "v9"
            """)
    void wrongInputIsRefusedWithThePlace(String body, String error) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> decode(body, FieldValidation.IGNORE))
                .withMessageContaining(error)
                .returns("BadRequest", ApiException::reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # what came                                         | what is held
            {"spec":{"clusterIP":"","selector":{},"ports":[]}}  | {"spec":{}}
            {"spec":{"type":null,"ports":null}}                 | {"spec":{}}
            {"spec":{"ports":[{"port":0,"nodePort":0}]}}        | {"spec":{"ports":[{"port":0}]}}
            {"spec":{"allocateLoadBalancerNodePorts":false}}    | {"spec":{"allocateLoadBalancerNodePorts":false}}
            {"spec":{"publishNotReadyAddresses":false}}         | {"spec":{}}
            {"metadata":{"labels":{"a":null}}}                  | {"metadata":{"labels":{"a":""}}}
            {"metadata":{"name":"a","nom":"b"}}                 | {"metadata":{"name":"a"}}
            {"status":{"loadBalancer":{}}}                      | {"status":{"loadBalancer":{}}}
            """)
    void zeroValuesThatMeanAbsenceGo(String body, String held) {
        assertThat(Json.toText(decode(body, FieldValidation.IGNORE).object())).isEqualTo(held);
    }

    @Test
    void yamlGivesTheSameTree() {
        String yaml = """
                apiVersion: v1
                kind: Service
                metadata: {name: web}
                spec:
                  selector:
                    app: web
                  ports:
                  - port: 80
                    targetPort: http
                  - {port: 53, protocol: UDP}
                """;
        assertThat(Json.toText(decode(yaml, Format.YAML, FieldValidation.STRICT).object()))
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"web\"},\"spec\":"
                        + "{\"selector\":{\"app\":\"web\"},\"ports\":[{\"port\":80,\"targetPort\":\"http\"},"
                        + "{\"port\":53,\"protocol\":\"UDP\"}]}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # YAML                                      | the error says
            'spec: {type: a, type: b}'                  | strict decoding error: yaml: unmarshal errors:\\n  line 1: key "type" already set in map
            'a: 1\na: 2\nspec: {foo: 1, type: a}\nb: 2' | unmarshal errors:\\n  line 2: key "a" already set in map, unknown field "a", unknown field "spec.foo", unknown field "b"
            'a: &x [1]\nb: *x'                          | YAML aliases are not accepted
            'a: ['                                      | not readable as YAML
            'kind: Service\n---\nkind: Service'         | more than one YAML document
            ''                                          | the body is empty
            '- a'                                       | expected an object, got a list
            'spec: {type: !!binary xx}'                 | not readable as YAML
            """)
    void wrongYamlIsRefused(String yaml, String error) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> decode(yaml.translateEscapes(), Format.YAML, FieldValidation.STRICT))
                .withMessageContaining(error.translateEscapes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"metadata\":{\"managedFields\":[{\"fieldsV1\":{\"a\":"})
    void deepNestingIsRefused(String opening) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> decode(opening.repeat(10_000), FieldValidation.IGNORE))
                .withMessageContaining("nesting depth");
    }

    @ParameterizedTest
    @EnumSource
    void formatsAreKnownByTheirMediaTypes(Format format) {
        assertThat(Format.ofMediaType(format.mediaType() + "; charset=utf-8")).contains(format);
        assertThat(Format.ofMediaType("text/html")).isEmpty();
    }
}
