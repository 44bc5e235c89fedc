package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.registry.Section;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What an update keeps, wipes, allocates, releases and refuses.
class ServiceUpdateTest {

    private static final String WEB = "'ports':[{'port':80}]";

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    private static String spec(ObjectNode service, String field) {
        return Json.toText(Tree.at(service, "spec", field)).replace("\"", "");
    }

    private static long nodePort(ObjectNode service, int index) {
        return ServiceFields.nodePort(ServiceFields.ports(service).get(index));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # stands                                                                | becomes
            {'ports':[{'port':80}]}                                                 | {'ports':[{'port':81}]}
            {'type':'NodePort','ports':[{'port':80}]}                               | {'type':'NodePort','ports':[{'port':80}]}
            {'type':'LoadBalancer','ports':[{'port':80}]}                           | {'type':'LoadBalancer','ports':[{'port':80}]}
            {'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]} | {'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]}
            {'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}              | {'ports':[{'port':80}]}
            {'ipFamilyPolicy':'RequireDualStack','ipFamilies':['IPv6','IPv4'],'ports':[{'port':80}]} | {'ports':[{'port':80}]}
            {'type':'NodePort','ports':[{'port':80,'name':'a'},{'port':81,'name':'b'}]} | {'type':'NodePort','ports':[{'port':81,'name':'b'},{'port':80,'name':'a'}]}
            """)
    void aPutWithoutAllocatedFieldsKeepsThem(String stands, String becomes) {
        rig.service("web", stands);
        List<String> held = rig.allocations();
        ObjectNode before = rig.get(Resource.SERVICES, "web");
        ObjectNode now = rig.putService("web", becomes);
        assertThat(rig.allocations()).isEqualTo(held);
        for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort")) {
            assertThat(spec(now, field)).as(field).isEqualTo(spec(before, field));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # stands                                                          | patch                                                        | keys
            {'ports':[{'port':80}]}                                           | {'type':'NodePort'}                                          | 2
            {'ports':[{'port':80}]}                                           | {'type':'LoadBalancer'}                                      | 2
            {'ports':[{'port':80}]}                                           | {'type':'LoadBalancer','externalTrafficPolicy':'Local'}      | 3
            {'ports':[{'port':80}]}                                           | {'type':'ExternalName','externalName':'a.b'}                 | 0
            {'type':'NodePort','ports':[{'port':80}]}                         | {'type':'ClusterIP'}                                         | 1
            {'type':'NodePort','ports':[{'port':80}]}                         | {'type':'LoadBalancer'}                                      | 2
            {'type':'NodePort','ports':[{'port':80}]}                         | {'type':'ExternalName','externalName':'a.b'}                 | 0
            {'type':'LoadBalancer','ports':[{'port':80}]}                     | {'type':'ClusterIP'}                                         | 1
            {'type':'LoadBalancer','ports':[{'port':80}]}                     | {'type':'NodePort'}                                          | 2
            {'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]} | {'type':'ClusterIP'}                             | 1
            {'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]} | {'externalTrafficPolicy':'Cluster'}              | 2
            {'type':'LoadBalancer','externalTrafficPolicy':'Local','ports':[{'port':80}]} | {'type':'ExternalName','externalName':'a.b'}     | 0
            {'type':'LoadBalancer','ports':[{'port':80}]}                     | {'externalTrafficPolicy':'Local'}                            | 3
            {'type':'LoadBalancer','ports':[{'port':80}]}                     | {'allocateLoadBalancerNodePorts':false}                      | 1
            {'type':'ExternalName','externalName':'a.b','ports':[{'port':80}]} | {'type':'ClusterIP','externalName':null}                    | 1
            {'type':'ExternalName','externalName':'a.b','ports':[{'port':80}]} | {'type':'LoadBalancer','externalName':null}                 | 2
            {'ports':[{'port':80}]}                                           | {'ipFamilyPolicy':'PreferDualStack'}                         | 2
            {'ports':[{'port':80}]}                                           | {'ipFamilyPolicy':'RequireDualStack'}                        | 2
            {'ipFamilyPolicy':'RequireDualStack','ports':[{'port':80}]}       | {'ipFamilyPolicy':'SingleStack'}                             | 1
            {'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}        | {'ipFamilyPolicy':'RequireDualStack'}                        | 2
            {'type':'NodePort','ports':[{'port':80}]}                         | {'ports':[{'port':80,'nodePort':30000}]}                     | 2
            {'type':'NodePort','ports':[{'port':80}]}                         | {'ports':[{'port':80,'name':'a'},{'port':81,'name':'b'}]}    | 3
            {'externalIPs':['80.1.1.1'],'ports':[{'port':80}]}                | {'externalIPs':[]}                                           | 1
            """)
    void aChangeTakesAndReleasesExactlyTheDifference(String stands, String patch, int keys) {
        rig.service("web", stands);
        ObjectNode now = rig.patchService("web", patch);
        assertThat(rig.allocations())
                .hasSize(keys)
                .containsExactlyInAnyOrderElementsOf(ServiceFields.claimedKeys(now).stream()
                        .map(key -> key.substring("/alloc/".length()))
                        .toList());
        rig.delete(Resource.SERVICES, "web");
        assertThat(rig.allocations()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # stands                                                          | patch                                        | gone
            {'ports':[{'port':80}]}                                           | {'type':'ExternalName','externalName':'a.b'} | clusterIP clusterIPs ipFamilies ipFamilyPolicy internalTrafficPolicy
            {'type':'LoadBalancer','loadBalancerClass':'a.b/c','ports':[{'port':80}]} | {'type':'ClusterIP'}                 | allocateLoadBalancerNodePorts loadBalancerClass externalTrafficPolicy healthCheckNodePort
            {'type':'LoadBalancer','ports':[{'port':80}]}                     | {'type':'NodePort'}                          | allocateLoadBalancerNodePorts
            {'type':'NodePort','ports':[{'port':80}]}                         | {'type':'ClusterIP'}                         | externalTrafficPolicy
            """)
    void whatNoLongerAppliesIsWiped(String stands, String patch, String gone) {
        rig.service("web", stands);
        ObjectNode now = rig.patchService("web", patch);
        for (String field : gone.split(" ")) {
            assertThat(Tree.has(now, "spec", field)).as(field).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            # stands                                                            | patch                                                     | refusal
            {'clusterIP':'10.96.0.5','ports':[{'port':80}]}                     | {'clusterIP':'10.96.0.6'}                                 | spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set
            {'clusterIP':'10.96.0.5','ports':[{'port':80}]}                     | {'clusterIP':'None'}                                      | spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set
            {'clusterIP':'None','ports':[{'port':80}]}                          | {'clusterIP':'10.96.0.6','ipFamilyPolicy':null,'ipFamilies':null,'selector':{'a':'b'}} | spec.clusterIPs[0]: Invalid value: ["10.96.0.6"]: may not change once set
            {'clusterIP':'10.96.0.5','ports':[{'port':80}]}                     | {'clusterIP':'10.96.0.5','clusterIPs':['10.96.0.6']}      | spec.clusterIPs: Invalid value: ["10.96.0.6"]: first value must match `clusterIP`
            {'clusterIP':'10.96.0.5','ports':[{'port':80}]}                     | {'ipFamilies':['IPv6']}                                   | spec.clusterIPs[0]: Invalid value: "10.96.0.5": expected an IPv6 value as indicated by `ipFamilies[0]`
            {'clusterIP':'10.96.0.5','clusterIPs':['10.96.0.5','fd00:10:96::5'],'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]} | {'clusterIPs':['10.96.0.5','fd00:10:96::6']} | spec.clusterIPs[1]: Invalid value: ["10.96.0.5","fd00:10:96::6"]: may not change once set
            {'type':'LoadBalancer','ports':[{'port':80}]}                       | {'loadBalancerClass':'a.b/c'}                             | spec.loadBalancerClass: Invalid value: "a.b/c": may not change once set
            {'type':'LoadBalancer','loadBalancerClass':'a.b/c','ports':[{'port':80}]} | {'loadBalancerClass':null}                          | spec.loadBalancerClass: Invalid value: null: may not change once set
            {'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':30500,'ports':[{'port':80}]} | {'healthCheckNodePort':30501} | spec.healthCheckNodePort: Invalid value: 30501: field is immutable
            {'type':'NodePort','ports':[{'port':80}]}                           | {'ports':[{'port':80,'nodePort':99}]}                     | spec.ports[0].nodePort: Invalid value: 99: provided port is not in the valid range. The range of valid ports is 30000-32767
            {'type':'NodePort','ports':[{'port':80}]}                           | {'type':'ClusterIP','ports':[{'port':80,'nodePort':30000}]} | spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'
            {'ports':[{'port':80}]}                                             | {'ports':[]}                                              | spec.ports: Required value
            """)
    void refusedChanges(String stands, String patch, String expected) {
        rig.service("web", stands);
        List<String> held = rig.allocations();
        String refusal = Rig.refusal(() -> rig.patchService("web", patch));
        assertThat(refusal).isEqualTo(expected);
        assertThat(rig.allocations()).isEqualTo(held);
    }

    @Test
    void theSecondaryGoesOnlyWithSingleStack() {
        ObjectNode made = rig.service("web", "{'ipFamilyPolicy':'PreferDualStack'," + WEB + "}");
        String first = ServiceFields.clusterIps(made).getFirst();
        String cut = "'clusterIPs':['" + first + "'],'ipFamilies':['IPv4']";
        assertThat(Rig.refusal(() -> rig.patchService(
                        "web",
                        "{'ipFamilyPolicy':'RequireDualStack','clusterIPs':['" + first + "'],'ipFamilies':['IPv4']}")))
                .isEqualTo("spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": must be set to 'SingleStack' when"
                        + " releasing the secondary clusterIP");
        assertThat(ServiceFields.clusterIps(rig.get(Resource.SERVICES, "web"))).hasSize(2);
        ObjectNode single = rig.patchService("web", "{'ipFamilyPolicy':'SingleStack'," + cut + "}");
        assertThat(spec(single, "clusterIPs")).isEqualTo("[" + first + "]");
        assertThat(rig.allocations()).containsExactly("ip/" + first);
    }

    @Test
    void aHeadlessServiceMayChangeItsFamilies() {
        rig.service("web", "{'clusterIP':'None','selector':{'a':'b'},'ipFamilies':['IPv4']}");
        ObjectNode now = rig.patchService("web", "{'ipFamilies':['IPv6']}");
        assertThat(spec(now, "ipFamilies")).isEqualTo("[IPv6]");
    }

    @Test
    void selectorsAreNeverWiped() {
        rig.service("web", "{'selector':{'a':'b'}," + WEB + "}");
        ObjectNode now = rig.patchService("web", "{'type':'ExternalName','externalName':'a.b'}");
        assertThat(spec(now, "selector")).isEqualTo("{a:b}");
    }

    @Test
    void nodePortsMoveBetweenPortsOfOneService() {
        ObjectNode made = rig.service(
                "web", "{'type':'NodePort','ports':[{'port':80,'name':'a','nodePort':30001},{'port':81,'name':'b'}]}");
        ObjectNode now = rig.putService(
                "web", "{'type':'NodePort','ports':[{'port':80,'name':'a'},{'port':81,'name':'b','nodePort':30001}]}");
        assertThat(nodePort(now, 1)).isEqualTo(30_001);
        assertThat(nodePort(now, 0)).isNotIn(0L, 30_001L, nodePort(made, 1));
        assertThat(rig.allocations()).hasSize(3);
    }

    @Test
    void statusGoesWithTheLoadBalancer() {
        ObjectNode made = rig.service("web", "{'type':'LoadBalancer'," + WEB + "}");
        ObjectNode status = made.deepCopy();
        status.set("status", Rig.json("{'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}}"));
        ObjectNode balanced =
                rig.replace(Resource.SERVICES, "web", Section.STATUS, status).object();
        assertThat(Json.toText(balanced.get("status"))).contains("203.0.113.7", "\"ipMode\":\"VIP\"");
        ObjectNode now = rig.patchService("web", "{'type':'ClusterIP'}");
        assertThat(Json.toText(now.get("status"))).isEqualTo("{\"loadBalancer\":{}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            LoadBalancer | {'ip':'1.2.3.4','ipMode':'Proxy'}                  |
            LoadBalancer | {'hostname':'lb.example.com'}                      |
            LoadBalancer | {'ip':'1.2.3'}                                     | status.loadBalancer.ingress[0].ip: Invalid value: "1.2.3": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            LoadBalancer | {'hostname':'1.2.3.4'}                             | status.loadBalancer.ingress[0].hostname: Invalid value: "1.2.3.4": must be a DNS name, not an IP address
            LoadBalancer | {'hostname':'a.b','ipMode':'VIP'}                  | status.loadBalancer.ingress[0].ipMode: Forbidden: may not be specified when `ip` is not set
            LoadBalancer | {'ip':'1.2.3.4','ipMode':'Nat'}                    | status.loadBalancer.ingress[0].ipMode: Unsupported value: "Nat": supported values: "Proxy", "VIP"
            LoadBalancer | {'ip':'1.2.3.4','ports':[{'port':0,'protocol':'TCP'}]} | status.loadBalancer.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive
            ClusterIP    | {'ip':'1.2.3.4'}                                   | status.loadBalancer.ingress: Forbidden: may only be used when `spec.type` is 'LoadBalancer'
            """)
    void statusIsChecked(String type, String ingress, @Nullable String expected) {
        ObjectNode service =
                rig.service("web", "{'type':'" + type + "'," + WEB + "}").deepCopy();
        service.set("status", Rig.json("{'loadBalancer':{'ingress':[" + ingress + "]}}"));
        String refusal = Rig.refusal(() -> rig.replace(Resource.SERVICES, "web", Section.STATUS, service));
        assertThat(refusal).isEqualTo(expected == null ? "" : expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'ports':[{'port':80}]}                                                         |
            {'ports':[{'port':80}],'trafficDistribution':'PreferClose'}                     | spec.trafficDistribution: PreferClose is deprecated, please use PreferSameZone instead
            {'clusterIP':'None','loadBalancerIP':'1.2.3.4'}                                 | spec.loadBalancerIP is ignored for headless services
            {'clusterIP':'None','sessionAffinity':'ClientIP'}                               | spec.SessionAffinity is ignored for headless services
            {'ports':[{'port':80}],'externalName':'a.b'}                                    | spec.externalName is ignored when spec.type is "ExternalName"
            {'ports':[{'port':80}],'clusterIP':'fd00:10:96:0::5'}                           | spec.clusterIPs[0]: non-canonical IP address "fd00:10:96:0::5" should be specified as "fd00:10:96::5"
            {'ports':[{'port':53,'name':'t'},{'port':53,'name':'u','protocol':'UDP'}]}      | spec.ports: port 53 stands here for several protocols*
            """)
    void warnings(String spec, @Nullable String expected) {
        List<String> warnings =
                rig.write(Resource.SERVICES, "web", "{'spec':" + spec + "}").warnings();
        if (expected == null) {
            assertThat(warnings).isEmpty();
        } else {
            String start = expected.replace("when spec.type is \"", "when spec.type is not \"");
            assertThat(warnings).singleElement().asString().startsWith(start.replaceFirst("\\*$", ""));
        }
    }
}
