package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceValidationTest {

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    private String refusal(String spec) {
        return Rig.refusal(() -> rig.service("web", spec));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'labels':{'a/b/c':'x'}             | metadata.labels: Invalid value: "a/b/c": a qualified name must consist of*
            'labels':{'a':'b c'}               | metadata.labels: Invalid value: "b c": a valid label must be an empty string*
            'labels':{'example.com/A_b.c':''}  |
            'annotations':{'A.B/c':'any thing'} |
            'annotations':{'a b':'x'}          | metadata.annotations: Invalid value: "a b": name part must consist of*
            'finalizers':['mine']              | metadata.finalizers: Invalid value: "mine": name is neither a standard finalizer name nor is it fully qualified
            'finalizers':['orphan','a.b/c']    |
            'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'p'}] | metadata.ownerReferences[0].uid: Invalid value: "": must not be empty
            'annotations':{'service.kubernetes.io/topology-mode':'Auto','service.kubernetes.io/topology-aware-hints':'x'} | metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "Auto": must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified
            'annotations':{'service.beta.kubernetes.io/load-balancer-source-ranges':'10.0.0.0/8'} | metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Forbidden: may only be used when `type` is 'LoadBalancer'
            """)
    void metadata(String fields, @Nullable String expected) {
        String body = "{'metadata':{" + fields + "},'spec':{'ports':[{'port':80}]}}";
        assertMatches(Rig.refusal(() -> rig.create(Resource.SERVICES, "web", body)), expected);
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceAndNothingIsTaken() {
        String refusal = refusal("{'type':'NodePort','ports':[{'port':0,'nodePort':30007}],'sessionAffinity':'x'}");
        assertThat(refusal)
                .startsWith("[")
                .contains("spec.ports[0].port", "spec.sessionAffinity")
                .endsWith("]");
        assertThat(rig.allocations()).isEmpty();
    }

    @Test
    void aRefusalNamesTheService() {
        assertThat(Rig.refusal(() -> rig.get(Resource.SERVICES, "web"))).isEqualTo("services \"web\" not found");
        try {
            rig.service("web", "{'type':'NodePort','ports':[{'port':80,'nodePort':80}]}");
        } catch (dev.fairway.schema.ApiException e) {
            assertThat(e.code()).isEqualTo(422);
            assertThat(e.text())
                    .isEqualTo("Service \"web\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is"
                            + " not in the valid range. The range of valid ports is 30000-32767");
            assertThat(e.details().causes().getFirst().field()).isEqualTo("spec.ports[0].nodePort");
            assertThat(e.details().causes().getFirst().reason()).isEqualTo("FieldValueInvalid");
        }
    }

    /// Equal, or with a `*` at the end a beginning.
    static void assertMatches(String actual, @Nullable String expected) {
        if (expected == null) {
            assertThat(actual).isEmpty();
        } else if (expected.endsWith("*")) {
            assertThat(actual.replaceFirst("^\\[", ""))
                    .startsWith(expected.substring(0, expected.length() - 1).replaceFirst("^\\[", ""));
        } else {
            assertThat(actual).isEqualTo(expected);
        }
    }
}
