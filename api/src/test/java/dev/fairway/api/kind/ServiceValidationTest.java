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
            {}                                                                            | spec.ports: Required value
            {'ports':[{'port':0}]}                                                        | [spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive, spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive]
            {'ports':[{'port':65535}]}                                                    |
            {'ports':[{'port':80,'targetPort':65535}]}                                    |
            {'ports':[{'port':80,'targetPort':70000}]}                                    | spec.ports[0].targetPort: Invalid value: 70000: must be between 1 and 65535, inclusive
            {'ports':[{'port':80,'targetPort':'http'}]}                                   |
            {'ports':[{'port':80,'targetPort':'web-backend-http'}]}                       | spec.ports[0].targetPort: Invalid value: "web-backend-http": must be no more than 15 characters
            {'ports':[{'port':80,'targetPort':'8080'}]}                                   | spec.ports[0].targetPort: Invalid value: "8080": must contain at least one letter (a-z)
            {'ports':[{'port':80,'targetPort':'a--b'}]}                                   | spec.ports[0].targetPort: Invalid value: "a--b": must not contain consecutive hyphens
            {'ports':[{'port':80,'targetPort':'-ab'}]}                                    | spec.ports[0].targetPort: Invalid value: "-ab": must not begin or end with a hyphen
            {'ports':[{'port':80,'protocol':'tcp'}]}                                      | spec.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"
            {'ports':[{'port':80,'protocol':'SCTP'}]}                                     |
            {'ports':[{'port':80},{'port':81,'name':'b'}]}                                | spec.ports[0].name: Required value
            {'ports':[{'port':80,'name':'a'},{'port':81,'name':'a'}]}                     | spec.ports[1].name: Duplicate value: "a"
            {'ports':[{'port':80,'name':'a'},{'port':80,'name':'b'}]}                     | spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}
            {'ports':[{'port':53,'name':'a'},{'port':53,'name':'b','protocol':'UDP'}]}    |
            {'ports':[{'port':80,'appProtocol':'kubernetes.io/h2c'}]}                     |
            {'ports':[{'port':80,'appProtocol':'/'}]}                                     | [spec.ports[0].appProtocol: Invalid value: "/": prefix part must be non-empty, spec.ports[0].appProtocol: Invalid value: "/": name part must be non-empty*
            {'ports':[{'port':80,'nodePort':30001}]}                                      | spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'
            {'type':'NodePort','ports':[{'port':80,'nodePort':80}]}                       | spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767
            {'type':'NodePort','ports':[{'port':80,'name':'a','nodePort':30001},{'port':81,'name':'b','nodePort':30001}]} | spec.ports[1].nodePort: Duplicate value: 30001
            {'type':'NodePort','ports':[{'port':80,'name':'a','nodePort':30001},{'port':81,'name':'b','protocol':'UDP','nodePort':30001}]} |
            {'type':'Nodeport','ports':[{'port':80}]}                                     | spec.type: Unsupported value: "Nodeport": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"*
            {'type':'NodePort','clusterIP':'None','ports':[{'port':80}]}                  | spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services
            {'type':'LoadBalancer','clusterIP':'None','ports':[{'port':80}]}              | spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for LoadBalancer services
            {'clusterIP':'None'}                                                          |
            {'type':'ExternalName'}                                                       | spec.externalName: Required value
            {'type':'ExternalName','externalName':'api.example.com.'}                     |
            {'type':'ExternalName','externalName':'Bad_Name'}                             | spec.externalName: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain*
            {'type':'ExternalName','externalName':'a.b','clusterIP':'10.96.0.9'}          | spec.clusterIPs: Forbidden: may not be set for ExternalName services
            {'type':'ExternalName','externalName':'a.b','ipFamilyPolicy':'SingleStack'}   | spec.ipFamilyPolicy: Forbidden: may not be set for ExternalName services
            {'type':'ExternalName','externalName':'a.b','ipFamilies':['IPv4']}            | spec.ipFamilies: Forbidden: may not be set for ExternalName services
            {'ports':[{'port':80}],'sessionAffinity':'Cookie'}                            | spec.sessionAffinity: Unsupported value: "Cookie": supported values: "ClientIP", "None"
            {'ports':[{'port':80}],'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':0}}}     | spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 0: must be greater than 0 and less than 86400
            {'ports':[{'port':80}],'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':86400}}} |
            {'ports':[{'port':80}],'sessionAffinity':'ClientIP','sessionAffinityConfig':{'clientIP':{'timeoutSeconds':86401}}} | spec.sessionAffinityConfig.clientIP.timeoutSeconds: Invalid value: 86401: must be greater than 0 and less than 86400
            {'ports':[{'port':80}],'selector':{'a b':'c'}}                                | spec.selector: Invalid value: "a b": name part must consist of*
            {'ports':[{'port':80}],'selector':{'a':'-'}}                                  | spec.selector: Invalid value: "-": a valid label must be an empty string*
            """)
    void portsTypesAndAffinity(String spec, @Nullable String expected) {
        assertMatches(refusal(spec), expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'clusterIP':'10.96.0.300'                                    | spec.clusterIPs[0]: Invalid value: "10.96.0.300": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            'clusterIP':'10.96.0.010'                                    | spec.clusterIPs[0]: Invalid value: "10.96.0.010": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            'clusterIP':'::ffff:10.96.0.10'                              | spec.clusterIPs[0]: Invalid value: "::ffff:10.96.0.10": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            'clusterIP':'none'                                           | spec.clusterIPs[0]: Invalid value: "none": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            'clusterIP':'1.2.3.4'                                        | spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/16
            'clusterIP':'10.96.0.0'                                      | spec.clusterIPs: Invalid value: ["10.96.0.0"]: failed to allocate IP 10.96.0.0: the provided IP*
            'clusterIP':'10.96.255.255'                                  | spec.clusterIPs: Invalid value: ["10.96.255.255"]: failed to allocate IP 10.96.255.255: the provided IP*
            'clusterIP':'10.96.255.254'                                  |
            'clusterIP':'fd00:10:96::ffff'                               |
            'clusterIP':'fd00:10:96::'                                   | spec.clusterIPs: Invalid value: ["fd00:10:96::"]: failed to allocate IP fd00:10:96::: the provided IP*
            'clusterIPs':['10.96.0.9']                                   | spec.clusterIPs: Invalid value: ["10.96.0.9"]: must be empty when `clusterIP` is not specified
            'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.9']           | spec.clusterIPs: Invalid value: ["10.96.0.9"]: first value must match `clusterIP`
            'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','10.96.0.9'],'ipFamilyPolicy':'PreferDualStack' | spec.clusterIPs: Invalid value: ["10.96.0.8","10.96.0.9"]: may specify no more than one IP for each IP family
            'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','fd00:10:96::8','fd00:10:96::9'] | spec.clusterIPs: Invalid value: ["10.96.0.8","fd00:10:96::8","fd00:10:96::9"]: may only hold up to 2 values
            'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','None']    | spec.clusterIPs[1]: Invalid value: "None": 'None' must be the first and only value
            'clusterIP':'None','clusterIPs':['None','10.96.0.8']         | spec.clusterIPs[0]: Invalid value: "None": 'None' must be the first and only value
            'clusterIP':'10.96.0.8','ipFamilies':['IPv6']                | spec.clusterIPs[0]: Invalid value: "10.96.0.8": expected an IPv6 value as indicated by `ipFamilies[0]`
            'ipFamilies':['IPv5']                                        | spec.ipFamilies[0]: Unsupported value: "IPv5": supported values: "IPv4", "IPv6"
            'ipFamilies':['IPv4','IPv4']                                 | spec.ipFamilies[1]: Duplicate value: "IPv4"
            'ipFamilies':['IPv4','IPv6']                                 | spec.ipFamilyPolicy: Invalid value: "SingleStack": must be RequireDualStack or PreferDualStack when multiple `ipFamilies` are specified
            'ipFamilies':['IPv4','IPv6'],'ipFamilyPolicy':'SingleStack'  | spec.ipFamilyPolicy: Invalid value: "SingleStack": must be RequireDualStack or PreferDualStack when multiple `ipFamilies` are specified
            'clusterIP':'10.96.0.8','clusterIPs':['10.96.0.8','fd00:10:96::8'] | spec.ipFamilyPolicy: Invalid value: "SingleStack": must be RequireDualStack or PreferDualStack when multiple `clusterIPs` are specified
            'ipFamilyPolicy':'Dual'                                      | spec.ipFamilyPolicy: Unsupported value: "Dual": supported values: "PreferDualStack", "RequireDualStack", "SingleStack"
            'externalIPs':['80.11.12.10']                                |
            'externalIPs':['0.0.0.0']                                    | spec.externalIPs[0]: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)
            'externalIPs':['127.0.0.1']                                  | spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)
            'externalIPs':['169.254.1.1']                                | spec.externalIPs[0]: Invalid value: "169.254.1.1": may not be in the link-local range (169.254.0.0/16, fe80::/10)
            'externalIPs':['224.0.0.5']                                  | spec.externalIPs[0]: Invalid value: "224.0.0.5": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)
            'externalIPs':['myhost']                                     | spec.externalIPs[0]: Invalid value: "myhost": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            'loadBalancerSourceRanges':['10.0.0.0/8']                    | spec.loadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'
            'type':'LoadBalancer','loadBalancerSourceRanges':[' 10.0.0.0/8 '] |
            'type':'LoadBalancer','loadBalancerSourceRanges':['10.0.0.1/8']   | spec.loadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/8": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
            'type':'LoadBalancer','loadBalancerClass':'a b'              | spec.loadBalancerClass: Invalid value: "a b": name part must consist of*
            'loadBalancerClass':'x.y/z'                                  | spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'
            'allocateLoadBalancerNodePorts':true                         | spec.allocateLoadBalancerNodePorts: Forbidden: may only be used when `type` is 'LoadBalancer'
            'externalTrafficPolicy':'Local'                              | spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services
            'externalIPs':['80.11.12.10'],'externalTrafficPolicy':'Local' |
            'type':'NodePort','externalTrafficPolicy':'Global'           | spec.externalTrafficPolicy: Unsupported value: "Global": supported values: "Cluster", "Local"
            'internalTrafficPolicy':'Global'                             | spec.internalTrafficPolicy: Unsupported value: "Global": supported values: "Cluster", "Local"
            'trafficDistribution':'PreferSameNode'                       |
            'trafficDistribution':'Nearest'                              | spec.trafficDistribution: Unsupported value: "Nearest": supported values: "PreferClose", "PreferSameNode", "PreferSameZone"
            'healthCheckNodePort':30100                                  | spec.healthCheckNodePort: Invalid value: 30100: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'
            'type':'LoadBalancer','healthCheckNodePort':30100            | spec.healthCheckNodePort: Invalid value: 30100: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'
            'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':30100 |
            'type':'LoadBalancer','externalTrafficPolicy':'Local','healthCheckNodePort':80 | Internal error occurred: failed to allocate requested HealthCheck NodePort 80: provided port is not in the valid range. The range of valid ports is 30000-32767
            """)
    void addressesFamiliesAndPolicies(String fields, @Nullable String expected) {
        assertMatches(refusal("{'ports':[{'port':80}]," + fields + "}"), expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            web                                                              |
            1web                                                             |
            a.b                                                              | metadata.name: Invalid value: "a.b": a lowercase RFC 1123 label must consist of*
            Web                                                              | metadata.name: Invalid value: "Web": a lowercase RFC 1123 label must consist of*
            web-                                                             | metadata.name: Invalid value: "web-": a lowercase RFC 1123 label must consist of*
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1b |
            aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1b | metadata.name: Invalid value: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-1b": must be no more than 63 bytes
            """)
    void names(String name, @Nullable String expected) {
        assertMatches(Rig.refusal(() -> rig.service(name, "{'ports':[{'port':80}]}")), expected);
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
