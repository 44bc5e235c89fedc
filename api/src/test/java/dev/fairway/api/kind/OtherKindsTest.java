package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.registry.Section;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class OtherKindsTest {

    private static final String CONTAINER = "{'name':'c','image':'i'}";

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            pods           | {'spec':{'containers':[{'name':'c','image':'i'}]}}                       |
            pods           | {'spec':{'containers':[]}}                                               | spec.containers: Required value
            pods           | {'spec':{'containers':[{'image':'i'}]}}                                  | spec.containers[0].name: Required value
            pods           | {'spec':{'containers':[{'name':'c'}]}}                                   | spec.containers[0].image: Required value
            pods           | {'spec':{'containers':[{'name':'C','image':'i'}]}}                       | spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label*
            pods           | {'spec':{'containers':[{'name':'c','image':'i'},{'name':'c','image':'i'}]}} | spec.containers[1].name: Duplicate value: "c"
            pods           | {'spec':{'restartPolicy':'Sometimes','containers':[{'name':'c','image':'i'}]}} | spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"
            pods           | {'spec':{'containers':[{'name':'c','image':'i','ports':[{'containerPort':70000}]}]}} | spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive
            pods           | {'spec':{'containers':[{'name':'c','image':'i','ports':[{'name':'a_b','containerPort':1}]}]}} | spec.containers[0].ports[0].name: Invalid value: "a_b": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)
            pods           | {'spec':{'containers':[{'name':'c','image':'i','env':[{'value':'x'}]}]}} | spec.containers[0].env[0].name: Required value
            pods           | {'spec':{'containers':[{'name':'c','image':'i','readinessProbe':{}}]}}   | spec.containers[0].readinessProbe: Required value: must specify a handler type
            pods           | {'spec':{'containers':[{'name':'c','image':'i','livenessProbe':{'successThreshold':2,'httpGet':{'port':80}}}]}} | spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1
            pods           | {'spec':{'containers':[{'name':'c','image':'i','livenessProbe':{'httpGet':{'port':0}}}]}} | spec.containers[0].livenessProbe.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive
            pods           | {'spec':{'containers':[{'name':'c','image':'i','volumeMounts':[{'name':'v','mountPath':'/v'}]}]}} | spec.containers[0].volumeMounts[0].name: Not found: "v"
            replicasets    | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} |
            replicasets    | {'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.selector: Required value
            replicasets    | {'spec':{'selector':{},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.selector: Invalid value: {}: empty selector is invalid for replica set
            replicasets    | {'spec':{'replicas':-1,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.replicas: Invalid value: -1: must be greater than or equal to 0
            deployments    | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'x'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.template.metadata.labels: Invalid value: {"a":"x"}: `selector` does not match template `labels`
            deployments    | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'i'}]}}}} | spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"
            deployments    | {'spec':{'strategy':{'type':'Canary'},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.strategy.type: Unsupported value: "Canary": supported values: "Recreate", "RollingUpdate"
            deployments    | {'spec':{'strategy':{'rollingUpdate':{'maxSurge':0,'maxUnavailable':'0%'}},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "0%": may not be 0 when `maxSurge` is 0
            daemonsets     | {'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} |
            daemonsets     | {'spec':{'selector':{},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.selector: Invalid value: {}: empty selector is invalid for daemonset
            daemonsets     | {'spec':{'updateStrategy':{'type':'Never'},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.updateStrategy: Unsupported value: "Never": supported values: "OnDelete", "RollingUpdate"
            daemonsets     | {'spec':{'updateStrategy':{'rollingUpdate':{'maxSurge':1}},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero
            daemonsets     | {'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':0}},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0
            daemonsets     | {'spec':{'updateStrategy':{'rollingUpdate':{'maxUnavailable':'101%'}},'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%
            replicationcontrollers | {'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} |
            replicationcontrollers | {'spec':{'template':{'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.selector: Required value
            replicationcontrollers | {'spec':{'selector':{'a':'c'},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}} | spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`
            replicationcontrollers | {'spec':{'selector':{'a':'c'}}}                                  | spec.template: Required value
            endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['10.0.0.1']}]}           |
            endpointslices | {'endpoints':[]}                                                         | addressType: Required value
            endpointslices | {'addressType':'IPX'}                                                    | addressType: Unsupported value: "IPX": supported values: "FQDN", "IPv4", "IPv6"
            endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':[]}]}                    | endpoints[0].addresses: Required value: must contain at least 1 address
            endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['fd00::1']}]}           | endpoints[0].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address
            endpointslices | {'addressType':'IPv4','endpoints':[{'addresses':['127.0.0.1']}]}         | endpoints[0].addresses[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
            endpointslices | {'addressType':'IPv4','ports':[{'port':1},{'port':2}]}                   | ports[1].name: Duplicate value: ""
            endpointslices | {'addressType':'FQDN','endpoints':[{'addresses':['a.b']}]}               |
            endpoints      | {'subsets':[{'addresses':[{'ip':'x'}]}]}                                 | subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            endpoints      | {'subsets':[{}]}                                                         | subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`
            configmaps     | {'data':{'a/b':'x'}}                                                     | data[a/b]: Invalid value: "a/b": a valid config key must consist of*
            secrets        | {'type':'kubernetes.io/tls','data':{'tls.crt':''}}                       | data[tls.key]: Required value
            secrets        | {'type':'kubernetes.io/basic-auth','data':{'a':'Yg=='}}                  | [data[username]: Required value, data[password]: Required value]
            secrets        | {'type':'kubernetes.io/basic-auth','data':{'password':''}}               |
            secrets        | {'type':'kubernetes.io/ssh-auth','data':{'ssh-privatekey':''}}           | data[ssh-privatekey]: Required value
            secrets        | {'type':'kubernetes.io/dockercfg'}                                       | data[.dockercfg]: Required value
            secrets        | {'type':'kubernetes.io/dockerconfigjson','data':{'.dockerconfigjson':'e30='}} |
            secrets        | {'type':'kubernetes.io/dockerconfigjson','stringData':{'.dockerconfigjson':'secret'}} | data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": must be a JSON object
            secrets        | {'type':'kubernetes.io/service-account-token'}                           | metadata.annotations[kubernetes.io/service-account.name]: Required value
            secrets        | {'type':'example.com/own'}                                               |
            configmaps     | {'data':{'..a':'x'}}                                                     | data[..a]: Invalid value: "..a": must not start with '..'
            configmaps     | {'data':{'..':'x'}}                                                      | data[..]: Invalid value: "..": must not be '..'
            configmaps     | {'data':{'a':'x'},'binaryData':{'a':'eA=='}}                             | binaryData[a]: Invalid value: "a": duplicate of key present in data
            leases         | {'spec':{'leaseDurationSeconds':0}}                                      | spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0
            events         | {'involvedObject':{'namespace':'other'}}                                 | involvedObject.namespace: Invalid value: "other": does not match event.namespace
            nodes          | {'spec':{'podCIDR':'10.244.1.1/24'}}                                     | spec.podCIDRs[0]: Invalid value: "10.244.1.1/24": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
            """)
    void creations(String plural, String object, @Nullable String expected) {
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.create(Rig.resource(plural), "thing", object)), expected);
    }

    @Test
    void podsAreFilledOut() {
        ObjectNode pod = rig.create(Resource.PODS, "p", """
                {'spec':{'containers':[{'name':'c','image':'r:5000/i','ports':[{'containerPort':80}],
                 'readinessProbe':{'httpGet':{'port':80}},
                 'resources':{'limits':{'cpu':'1','memory':'1Gi'}}}]}}
                """);
        assertThat(Json.toText(pod))
                .contains(
                        "\"restartPolicy\":\"Always\"",
                        "\"dnsPolicy\":\"ClusterFirst\"",
                        "\"terminationGracePeriodSeconds\":30",
                        "\"imagePullPolicy\":\"Always\"",
                        "\"protocol\":\"TCP\"",
                        "\"periodSeconds\":10",
                        "\"path\":\"/\"",
                        "\"serviceAccountName\":\"default\"",
                        "\"phase\":\"Pending\"",
                        "\"qosClass\":\"Guaranteed\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'nodeName':'node-1'}                                                      | true
            {'containers':[{'name':'c','image':'other'}]}                              | true
            {'activeDeadlineSeconds':5}                                                | true
            {'tolerations':[{'key':'k','operator':'Exists'}]}                          | true
            {'containers':[{'name':'d','image':'i'}]}                                  | false
            {'hostname':'h'}                                                           | false
            {'containers':[{'name':'c','image':'i'},{'name':'d','image':'i'}]}         | false
            {'restartPolicy':'Never'}                                                  | false
            """)
    void podsChangeLittle(String spec, boolean allowed) {
        rig.create(Resource.PODS, "p", "{'spec':{'containers':[" + CONTAINER + "]}}");
        String refusal = Rig.refusal(() -> rig.edit(
                Resource.PODS,
                "p",
                pod -> Rig.json(spec)
                        .properties()
                        .forEach(field -> Tree.makeObject(pod, "spec").set(field.getKey(), field.getValue()))));
        if (allowed) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal).startsWith("spec: Forbidden: pod updates may not change fields other than");
        }
    }

    @Test
    void aPodIsPlacedOnce() {
        rig.create(Resource.PODS, "p", "{'spec':{'nodeName':'a','containers':[" + CONTAINER + "]}}");
        assertThat(Rig.refusal(() -> rig.edit(
                        Resource.PODS, "p", pod -> Tree.makeObject(pod, "spec").put("nodeName", "b"))))
                .startsWith("spec: Forbidden");
    }

    @Test
    void deploymentsAreFilledOutAndKeepTheirSelector() {
        ObjectNode made = rig.create(
                Resource.DEPLOYMENTS,
                "d",
                "{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                        + "'spec':{'containers':[" + CONTAINER + "]}}}}");
        assertThat(Json.toText(made))
                .contains(
                        "\"replicas\":1",
                        "\"revisionHistoryLimit\":10",
                        "\"progressDeadlineSeconds\":600",
                        "\"maxSurge\":\"25%\"",
                        "\"type\":\"RollingUpdate\"",
                        "\"restartPolicy\":\"Always\"")
                .doesNotContain("serviceAccountName");
        assertThat(Rig.refusal(() -> rig.edit(Resource.DEPLOYMENTS, "d", deployment -> {
                    Tree.makeObject(deployment, "spec", "selector", "matchLabels")
                            .put("a", "c");
                    Tree.makeObject(deployment, "spec", "template", "metadata", "labels")
                            .put("a", "c");
                })))
                .isEqualTo("spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"c\"}}: field is immutable");
    }

    @Test
    void aReplicationControllerTakesLabelsAndSelectorFromItsTemplate() {
        ObjectNode made = rig.create(
                Resource.REPLICATION_CONTROLLERS,
                "r",
                "{'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[" + CONTAINER + "]}}}}");
        assertThat(Json.toText(made)).contains("\"selector\":{\"a\":\"b\"}", "\"replicas\":1");
        assertThat(Tree.text(made, "metadata", "labels", "a")).isEqualTo("b");
    }

    @Test
    void daemonSetsAreFilledOut() {
        ObjectNode made = rig.create(
                Resource.DAEMON_SETS,
                "d",
                "{'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},"
                        + "'spec':{'containers':[" + CONTAINER + "]}}}}");
        assertThat(Json.toText(made))
                .contains(
                        "\"revisionHistoryLimit\":10",
                        "\"updateStrategy\":{\"type\":\"RollingUpdate\","
                                + "\"rollingUpdate\":{\"maxUnavailable\":1,\"maxSurge\":0}}",
                        "\"status\":{\"currentNumberScheduled\":0,\"numberMisscheduled\":0,"
                                + "\"desiredNumberScheduled\":0,\"numberReady\":0}")
                .doesNotContain("replicas");
    }

    @Test
    void namespacesNameThemselvesAndAreHeld() {
        ObjectNode made = rig.create(Resource.NAMESPACES, "team", "{}");
        assertThat(Json.toText(made))
                .contains(
                        "\"kubernetes.io/metadata.name\":\"team\"",
                        "\"finalizers\":[\"kubernetes\"]",
                        "\"phase\":\"Active\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}
            {'spec':{}}
            {'spec':{'finalizers':[]}}
            {'spec':{'finalizers':null}}
            {'spec':{'finalizers':['example.com/mine']}}
            {'spec':{'finalizers':['kubernetes','example.com/mine']}}
            """)
    void onlyFinalizeChangesTheFinalizersOfANamespace(String body) {
        rig.create(Resource.NAMESPACES, "team", "{}");
        ObjectNode asked = Rig.json(body);
        Tree.makeObject(asked, "metadata").put("name", "team");

        ObjectNode replaced =
                rig.replace(Resource.NAMESPACES, "team", Section.MAIN, asked).object();
        assertThat(Tree.texts(replaced, "spec", "finalizers")).containsExactly("kubernetes");
        assertThat(rig.get(Resource.NAMESPACES, "team")).isEqualTo(replaced);

        ObjectNode finalized = rig.replace(Resource.NAMESPACES, "team", Section.FINALIZE, asked)
                .object();
        assertThat(Tree.texts(finalized, "spec", "finalizers")).isEqualTo(Tree.texts(asked, "spec", "finalizers"));
    }

    /// A PUT without finalizers must not let a namespace go that still has content.
    @Test
    void aReplacementDoesNotReleaseADeletedNamespace() {
        rig.create(Resource.NAMESPACES, "team", "{}");
        rig.delete(Resource.NAMESPACES, "team");

        ObjectNode edited = rig.edit(Resource.NAMESPACES, "team", namespace -> namespace.remove("spec"));
        assertThat(Tree.text(edited, "status", "phase")).isEqualTo("Terminating");
        assertThat(Tree.texts(edited, "spec", "finalizers")).containsExactly("kubernetes");

        rig.replace(Resource.NAMESPACES, "team", Section.FINALIZE, Rig.json("{'metadata':{'name':'team'}}"));
        assertThat(Rig.refusal(() -> rig.get(Resource.NAMESPACES, "team"))).contains("not found");
    }

    @Test
    void secretsTakePlainText() {
        ObjectNode made = rig.create(Resource.SECRETS, "s", "{'stringData':{'a':'hello'}}");
        assertThat(Tree.text(made, "data", "a")).isEqualTo("aGVsbG8=");
        assertThat(made.has("stringData")).isFalse();
        assertThat(Tree.text(made, "type")).isEqualTo("Opaque");
    }

    @Test
    void immutableConfigMapsStay() {
        rig.create(Resource.CONFIG_MAPS, "c", "{'immutable':true,'data':{'a':'1'}}");
        assertThat(Rig.refusal(() -> rig.edit(
                        Resource.CONFIG_MAPS,
                        "c",
                        map -> Tree.makeObject(map, "data").put("a", "2"))))
                .isEqualTo("data: Forbidden: field is immutable when `immutable` is set");
    }

    @Test
    void writingEndpointsWarns() {
        assertThat(rig.write(Resource.ENDPOINTS, "e", "{}").warnings())
                .containsExactly("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }
}
