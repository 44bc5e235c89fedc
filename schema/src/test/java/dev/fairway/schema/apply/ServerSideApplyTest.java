package dev.fairway.schema.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Tree;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// Who owns what, and what happens to fields that their owner no longer applies. The rules are those of KEP-555.
class ServerSideApplyTest {

    private static ObjectNode service(String story) {
        return Story.play("v1", "Service", story);
    }

    @Test
    void anApplierOwnsWhatItStates() {
        service("""
                ann applies {"metadata":{"labels":{"app":"web"}},"spec":{"type":"NodePort","selector":{"app":"web"}}}
                object is {"metadata":{"labels":{"app":"web"}},"spec":{"type":"NodePort","selector":{"app":"web"}}}
                ann applied .metadata.labels.app .spec.type .spec.selector
                """);
    }

    @Test
    void whatItNoLongerStatesGoes() {
        service("""
                ann applies {"metadata":{"labels":{"app":"web","tier":"a"}},"spec":{"type":"NodePort"}}
                ann applies {"metadata":{"labels":{"app":"web"}}}
                object is {"metadata":{"labels":{"app":"web"}}}
                ann applied .metadata.labels.app
                ann applies {}
                object is {}
                """);
    }

    @Test
    void whatSomebodyElseOwnsStays() {
        service("""
                ann applies {"metadata":{"labels":{"app":"web"}},"spec":{"type":"NodePort"}}
                bob applies {"metadata":{"labels":{"app":"web"}}}
                ann applies {"spec":{"type":"NodePort"}}
                object is {"metadata":{"labels":{"app":"web"}},"spec":{"type":"NodePort"}}
                ann applied .spec.type
                bob applied .metadata.labels.app
                bob applies {}
                object is {"spec":{"type":"NodePort"}}
                """);
    }

    @Test
    void equalValuesAreShared() {
        service("""
                ann applies {"spec":{"type":"NodePort"}}
                bob applies {"spec":{"type":"NodePort"}}
                ann applied .spec.type
                bob applied .spec.type
                """);
    }

    @Test
    void anotherValueIsAConflict() {
        service("""
                ann applies {"spec":{"type":"NodePort"}}
                bob applies {"spec":{"type":"ClusterIP"}}
                ! Apply failed with 1 conflict: conflict with "ann": .spec.type
                object is {"spec":{"type":"NodePort"}}
                bob forces {"spec":{"type":"ClusterIP"}}
                object is {"spec":{"type":"ClusterIP"}}
                ann applied
                bob applied .spec.type
                """);
    }

    @Test
    void updatersConflictToo() {
        service("""
                ann applies {"spec":{"type":"NodePort","sessionAffinity":"None"}}
                kubectl-edit updates {"spec":{"type":"ClusterIP","sessionAffinity":"ClientIP"}}
                ann applied
                kubectl-edit updated .spec.sessionAffinity .spec.type
                ann applies {"spec":{"type":"NodePort","sessionAffinity":"None"}}
                ! Apply failed with 2 conflicts: conflicts with "kubectl-edit" using v1:\\n- .spec.sessionAffinity\\n- .spec.type
                """);
    }

    @Test
    void conflictsNameEveryOwner() {
        service("""
                ann applies {"spec":{"type":"NodePort"}}
                bob updates {"metadata":{"labels":{"app":"web"}}}
                cat applies {"metadata":{"labels":{"app":"shop"}},"spec":{"type":"ClusterIP"}}
                ! Apply failed with 2 conflicts: conflicts with "ann":\\n- .spec.type\\nconflicts with "bob" using v1:\\n- .metadata.labels.app
                """);
    }

    @Test
    void portsAreToldApartByNumberAndProtocol() {
        service("""
                ann applies {"spec":{"ports":[{"port":53,"protocol":"UDP","name":"dns"}]}}
                bob applies {"spec":{"ports":[{"port":53,"protocol":"TCP","name":"dns-tcp"}]}}
                object is {"spec":{"ports":[{"port":53,"protocol":"UDP","name":"dns"},{"port":53,"protocol":"TCP","name":"dns-tcp"}]}}
                ann applied .spec.ports[port=53,protocol="UDP"] .spec.ports[port=53,protocol="UDP"].name .spec.ports[port=53,protocol="UDP"].port .spec.ports[port=53,protocol="UDP"].protocol
                ann applies {}
                object is {"spec":{"ports":[{"port":53,"protocol":"TCP","name":"dns-tcp"}]}}
                """);
    }

    @Test
    void aPortWithoutProtocolIsTheTcpPort() {
        service("""
                ann creates {"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":80}]}}
                bob applies {"spec":{"ports":[{"port":80,"targetPort":8080}]}}
                ! Apply failed with 1 conflict: conflict with "ann" using v1: .spec.ports[port=80,protocol="TCP"].targetPort
                bob applies {"spec":{"ports":[{"port":80,"name":"http"}]}}
                object is {"spec":{"ports":[{"port":80,"protocol":"TCP","targetPort":80,"name":"http"}]}}
                bob applied .spec.ports[port=80,protocol="TCP"] .spec.ports[port=80,protocol="TCP"].name .spec.ports[port=80,protocol="TCP"].port
                """);
    }

    /// The entry itself has an owner, apart from the fields in it.
    @Test
    void anEntryGoesWithWhoeverBroughtItWhateverOthersSetInIt() {
        service("""
                ann applies {"spec":{"ports":[{"port":80,"protocol":"TCP"},{"port":81,"protocol":"TCP"}]}}
                allocator updates {"spec":{"ports":[{"port":80,"protocol":"TCP","nodePort":30080},{"port":81,"protocol":"TCP"}]}}
                allocator updated .spec.ports[port=80,protocol="TCP"].nodePort
                ann applies {}
                object is {}
                """);
    }

    @Test
    void listsAndMapsThatAreOneUnitAreReplaced() {
        service("""
                ann applies {"spec":{"selector":{"app":"web"},"externalIPs":["1.2.3.4"]}}
                ann applies {"spec":{"selector":{"tier":"a"},"externalIPs":["5.6.7.8"]}}
                object is {"spec":{"selector":{"tier":"a"},"externalIPs":["5.6.7.8"]}}
                bob applies {"spec":{"selector":{"tier":"b"}}}
                ! Apply failed with 1 conflict: conflict with "ann": .spec.selector
                """);
    }

    @Test
    void setsAreOwnedByValue() {
        service("""
                ann applies {"metadata":{"finalizers":["a/x"]}}
                bob applies {"metadata":{"finalizers":["b/y"]}}
                object is {"metadata":{"finalizers":["a/x","b/y"]}}
                bob applied .metadata.finalizers[="b/y"]
                ann applies {}
                object is {"metadata":{"finalizers":["b/y"]}}
                """);
    }

    @Test
    void appliedEntriesComeInTheAppliedOrder() {
        service("""
                bob applies {"spec":{"ports":[{"port":1},{"port":2},{"port":3}]}}
                ann applies {"spec":{"ports":[{"port":9},{"port":3},{"port":1}]}}
                object is {"spec":{"ports":[{"port":2},{"port":9},{"port":3},{"port":1}]}}
                """);
    }

    @Test
    void zeroValuesAndNullsAreStatements() {
        service("""
                ann updates {"spec":{"publishNotReadyAddresses":true,"externalName":"x"}}
                ann creates {"spec":{"publishNotReadyAddresses":true,"externalName":"x"}}
                bob applies {"spec":{"publishNotReadyAddresses":false}}
                ! Apply failed with 1 conflict: conflict with "ann" using v1: .spec.publishNotReadyAddresses
                bob forces {"spec":{"publishNotReadyAddresses":false,"externalName":null}}
                bob applied .spec.externalName .spec.publishNotReadyAddresses
                object is {"spec":{"publishNotReadyAddresses":false,"externalName":null}}
                """);
    }

    @Test
    void theStatusHasOwnersOfItsOwn() {
        service("""
                ann applies {"spec":{"type":"LoadBalancer"},"status":{"loadBalancer":{}}}
                ann applied .spec.type
                ann/status applies {"spec":{"type":"NodePort"},"status":{"loadBalancer":{"ingress":[{"ip":"1.2.3.4"}]}}}
                ann/status applied .status.loadBalancer.ingress
                ann applied .spec.type
                bob/status applies {"status":{"loadBalancer":{"ingress":[{"ip":"5.6.7.8"}]}}}
                ! Apply failed with 1 conflict: conflict with "ann" with subresource "status": .status.loadBalancer.ingress
                """);
    }

    @Test
    void anUntrackedObjectGetsAnUnknownOwnerFirst() {
        service("""
                ann creates {"spec":{"type":"NodePort"}}
                ann updates {"metadata":{"managedFields":[{}]}}
                nobody is tracked
                ann updates {"metadata":{"labels":{"a":"b"}}}
                nobody is tracked
                bob applies {"spec":{"type":"ClusterIP"}}
                ! Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .spec.type
                bob applies {"spec":{"sessionAffinity":"None"}}
                before-first-apply updated .metadata.labels .metadata.labels.a .spec.type
                """);
    }

    @Test
    void fieldsOfATypeStayWhenNothingInThemIsLeftToSomebody() {
        Story.play("apps/v1", "Deployment", """
                ann applies {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","image":"x","env":[{"name":"A","value":"1"}]}]}}}}
                bob applies {"spec":{"template":{"spec":{"containers":[{"name":"c","env":[{"name":"B","value":"2"}]}]}}}}
                ann applies {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","image":"x"}]}}}}
                object is {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","image":"x","env":[{"name":"B","value":"2"}]}]}}}}
                ann applies {"spec":{"selector":{"matchLabels":{"a":"b"}}}}
                object is {"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"spec":{"containers":[{"name":"c","env":[{"name":"B","value":"2"}]}]}}}}
                """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"spec":{"foo":1}}                                   | .spec.foo: field not declared in schema
            {"spec":{"ports":[{"name":"x"}]}}                    | .spec.ports: element 0: associative list with keys has an element that omits key field "port" (and doesn't have default value)
            {"spec":{"ports":[{"port":80},{"port":80,"protocol":"TCP"}]}} | .spec.ports: duplicate entries for key [port=80,protocol="TCP"]
            {"spec":{"ports":[7]}}                               | .spec.ports: element 0: associative list with keys may not have non-map elements
            {"metadata":{"finalizers":[{}]}}                     | .metadata.finalizers: element 0: a list of distinct values has an entry that is no plain value
            """)
    void aTreeThatDoesNotFitIsRefused(String applied, String problem) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> service("ann applies " + applied))
                .withMessageContaining("failed to create typed patch object (web; v1, Kind=Service): " + problem);
    }

    @Test
    void conflictsAreCausesWithFields() {
        ObjectNode live = service("ann applies {\"spec\":{\"type\":\"NodePort\"}}");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> ServerSideApply.apply(
                        new Tracked(dev.fairway.schema.Types.of("v1", "Service"), java.util.Set.of("status")),
                        live,
                        dev.fairway.schema.Json.parse("{\"spec\":{\"type\":\"ClusterIP\"}}"),
                        new Author("bob", "v1", "", java.time.Instant.EPOCH),
                        false))
                .returns(409, ApiException::code)
                .satisfies(e -> assertThat(e.details().causes())
                        .containsExactly(
                                new ApiException.Cause("FieldManagerConflict", "conflict with \"ann\"", ".spec.type")));
    }

    @Test
    void kubectlTakesOverWhatItAppliedFromTheClientSide() {
        String last = """
                {\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"Service\\",\\"spec\\":{\\"type\\":\\"NodePort\\"}}""";
        String created = """
                kubectl-client-side-apply creates {"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"%s"}},"spec":{"type":"NodePort","sessionAffinity":"None"}}
                """.formatted(last);
        ObjectNode taken = service(created + """
                kubectl applies {"spec":{"type":"ClusterIP"}}
                kubectl applied .spec.type
                """);
        assertThat(Tree.text(taken, "metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"))
                .contains("\"type\":\"ClusterIP\"");
        service(created + """
                kubectl applies {"spec":{"type":"ClusterIP","sessionAffinity":"ClientIP"}}
                ! Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.sessionAffinity
                """);
        service(created + """
                flux applies {"spec":{"type":"ClusterIP"}}
                ! Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .spec.type
                """);
    }
}
