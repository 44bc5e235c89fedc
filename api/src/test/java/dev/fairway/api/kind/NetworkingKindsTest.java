package dev.fairway.api.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// The kinds of `networking.k8s.io`: each row is one rule of upstream's `pkg/apis/networking/validation`.
class NetworkingKindsTest {

    private final Rig rig = new Rig(ServiceRanges.USUAL);

    @AfterEach
    void close() {
        rig.close();
    }

    private void assertCreated(Resource resource, String name, String object, @Nullable String refusal) {
        ServiceValidationTest.assertMatches(Rig.refusal(() -> rig.create(resource, name, object)), refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            '10.0.0.0/24'                       |
            'fd00:1::/112'                      |
            '10.0.0.0/24','fd00:1::/112'        |
            'fd00:1::/112','10.0.0.0/24'        |
                                                | spec.cidrs: Required value: at least one CIDR required
            '10.0.0.0/24','10.1.0.0/24'         | spec.cidrs: Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64
            '10.0.0.0/24','fd00:1::/112','fd00:2::/112' | spec.cidrs: Invalid value: ["10.0.0.0/24","fd00:1::/112","fd00:2::/112"]: may only hold up to 2 values
            '10.0.0.0'                          | spec.cidrs[0]: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)
            '10.0.0.1/24'                       | spec.cidrs[0]: Invalid value: "10.0.0.1/24": must not have bits set beyond the prefix length
            'FD00:1::/112'                      | spec.cidrs[0]: Invalid value: "FD00:1::/112": must be in canonical form ("fd00:1::/112")
            """)
    void serviceCidrs(@Nullable String cidrs, @Nullable String refusal) {
        String object = "{'spec':{'cidrs':[" + (cidrs == null ? "" : cidrs) + "]}}";
        assertCreated(Resource.SERVICE_CIDRS, "more", object, refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            '10.0.0.0/24'                | '10.0.0.0/24'                |
            '10.0.0.0/24'                | '10.0.0.0/24','fd00:1::/112' |
            '10.0.0.0/24'                | '10.1.0.0/24'                | spec.cidrs[0]: Invalid value: "10.1.0.0/24": field is immutable
            '10.0.0.0/24'                | 'fd00:1::/112','10.0.0.0/24' | spec.cidrs[0]: Invalid value: "fd00:1::/112": field is immutable
            '10.0.0.0/24'                | '10.0.0.0/24','10.1.0.0/24'  | spec.cidrs: Invalid value: ["10.0.0.0/24","10.1.0.0/24"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64
            '10.0.0.0/24','fd00:1::/112' | '10.0.0.0/24'                | spec.cidrs: Invalid value: ["10.0.0.0/24"]: field is immutable
            '10.0.0.0/24'                |                              | spec.cidrs: Invalid value: []: field is immutable
            """)
    void serviceCidrsStayButForASecondFamily(String before, @Nullable String after, @Nullable String refusal) {
        rig.create(Resource.SERVICE_CIDRS, "more", "{'spec':{'cidrs':[" + before + "]}}");
        ObjectNode asked = Rig.json("{'cidrs':[" + (after == null ? "" : after) + "]}");
        ServiceValidationTest.assertMatches(
                Rig.refusal(() -> rig.edit(Resource.SERVICE_CIDRS, "more", range -> range.set("spec", asked))),
                refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            10.0.0.1   | {'resource':'services','namespace':'default','name':'web'}       |
            fd00::1    | {'group':'example.com','resource':'things','name':'one'}         |
            web        | {'resource':'services','name':'web'}  | metadata.name: Invalid value: "web": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)
            fd00::0001 | {'resource':'services','name':'web'}  | metadata.name: Invalid value: "fd00::0001": must be in canonical form ("fd00::1")
            10.0.0.1   |                                       | spec.parentRef: Required value
            10.0.0.1   | {'name':'web'}                        | spec.parentRef.resource: Required value
            10.0.0.1   | {'resource':'services'}               | spec.parentRef.name: Required value
            10.0.0.1   | {'resource':'a/b','name':'web'}       | spec.parentRef.resource: Invalid value: "a/b": may not contain '/'
            10.0.0.1   | {'resource':'services','name':'..'}   | spec.parentRef.name: Invalid value: "..": may not be '..'
            10.0.0.1   | {'resource':'services','name':'web','namespace':'a%'} | spec.parentRef.namespace: Invalid value: "a%": may not contain '%'
            10.0.0.1   | {'group':'A_','resource':'services','name':'web'} | spec.parentRef.group: Invalid value: "A_": a lowercase RFC 1123 subdomain*
            """)
    void ipAddresses(String name, @Nullable String parent, @Nullable String refusal) {
        String object = parent == null ? "{'spec':{}}" : "{'spec':{'parentRef':" + parent + "}}";
        assertCreated(Resource.IP_ADDRESSES, name, object, refusal);
    }

    @Test
    void anIpAddressKeepsItsParent() {
        rig.create(Resource.IP_ADDRESSES, "10.0.0.1", "{'spec':{'parentRef':{'resource':'services','name':'web'}}}");
        assertThat(Rig.refusal(() -> rig.edit(
                        Resource.IP_ADDRESSES,
                        "10.0.0.1",
                        address -> Tree.makeObject(address, "spec", "parentRef").put("name", "other"))))
                .isEqualTo("spec.parentRef: Invalid value: {\"resource\":\"services\",\"name\":\"other\"}: field is"
                        + " immutable");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                             | spec: Invalid value: null: either `defaultBackend` or `rules` must be specified
            {'defaultBackend':{'service':{'name':'web','port':{'number':80}}}}     |
            {'defaultBackend':{'service':{'name':'web','port':{'name':'http'}}}}   |
            {'defaultBackend':{'resource':{'kind':'Bucket','name':'b'}}}           |
            {'defaultBackend':{}}                          | spec.defaultBackend: Invalid value: "": resource or service backend is required
            {'defaultBackend':{'service':{'name':'web','port':{'number':80}},'resource':{'kind':'Bucket','name':'b'}}} | spec.defaultBackend: Invalid value: "": cannot set both resource and service backends
            {'defaultBackend':{'service':{'port':{'number':80}}}}                  | spec.defaultBackend.service.name: Required value
            {'defaultBackend':{'service':{'name':'A','port':{'number':80}}}}       | spec.defaultBackend.service.name: Invalid value: "A": a lowercase RFC 1123 label*
            {'defaultBackend':{'service':{'name':'web'}}}                          | spec.defaultBackend: Required value: port name or number is required
            {'defaultBackend':{'service':{'name':'web','port':{'number':80,'name':'http'}}}} | spec.defaultBackend: Invalid value: "": cannot set both port name & port number
            {'defaultBackend':{'service':{'name':'web','port':{'number':70000}}}}  | spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive
            {'defaultBackend':{'service':{'name':'web','port':{'name':'a_b'}}}}    | spec.defaultBackend.service.port.name: Invalid value: "a_b": must contain only*
            {'defaultBackend':{'resource':{'name':'b'}}}                           | spec.defaultBackend.resource.kind: Required value
            {'defaultBackend':{'resource':{'kind':'Bucket','name':'a/b'}}}         | spec.defaultBackend.resource.name: Invalid value: "a/b": may not contain '/'
            {'rules':[{'host':'a.example.com'}]}                                   |
            {'rules':[{'host':'*.example.com'}]}                                   |
            {'rules':[{'host':'10.0.0.1'}]}                | spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address
            {'rules':[{'host':'A'}]}                       | spec.rules[0].host: Invalid value: "A": a lowercase RFC 1123 subdomain*
            {'rules':[{'host':'a.*.com'}]}                 | spec.rules[0].host: Invalid value: "a.*.com": a wildcard DNS-1123 subdomain must start with '*.'*
            {'rules':[{'http':{'paths':[]}}]}              | spec.rules[0].http.paths: Required value
            {'tls':[{'hosts':['*.a.b','c.d'],'secretName':'s'}],'rules':[{}]}      |
            {'tls':[{'hosts':['_']}],'rules':[{}]}         | spec.tls[0].hosts[0]: Invalid value: "_": a lowercase RFC 1123 subdomain*
            {'tls':[{'secretName':'A'}],'rules':[{}]}      | spec.tls[0].secretName: Invalid value: "A": a lowercase RFC 1123 subdomain*
            {'ingressClassName':'A','rules':[{}]}          | spec.ingressClassName: Invalid value: "A": a lowercase RFC 1123 subdomain*
            """)
    void ingresses(String spec, @Nullable String refusal) {
        assertCreated(Resource.INGRESSES, "web", "{'spec':" + spec + "}", refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'path':'/a','pathType':'Exact'                     |
            'path':'/a','pathType':'Prefix'                    |
            'pathType':'ImplementationSpecific'                |
            'path':'/a'                                        | pathType: Required value: pathType must be specified
            'path':'/a','pathType':'Regex'                     | pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"
            'path':'a','pathType':'Exact'                      | path: Invalid value: "a": must be an absolute path
            'pathType':'Prefix'                                | path: Invalid value: "": must be an absolute path
            'path':'a','pathType':'ImplementationSpecific'     | path: Invalid value: "a": must be an absolute path
            'path':'/a//b','pathType':'Exact'                  | path: Invalid value: "/a//b": must not contain '//'
            'path':'/a/../b','pathType':'Prefix'               | path: Invalid value: "/a/../b": must not contain '/../'
            'path':'/a%2Fb','pathType':'Prefix'                | path: Invalid value: "/a%2Fb": must not contain '%2F'
            'path':'/a/.','pathType':'Exact'                   | path: Invalid value: "/a/.": cannot end with '/.'
            """)
    void pathsOfIngresses(String path, @Nullable String refusal) {
        String backend = "'backend':{'service':{'name':'web','port':{'number':80}}}";
        String object = "{'spec':{'rules':[{'http':{'paths':[{" + path + "," + backend + "}]}}]}}";
        assertCreated(
                Resource.INGRESSES, "web", object, refusal == null ? null : "spec.rules[0].http.paths[0]." + refusal);
    }

    @Test
    void anIngressSaysItsClassOnce() {
        String spec = "'spec':{'ingressClassName':'a','rules':[{}]}";
        String both = "{'metadata':{'annotations':{'kubernetes.io/ingress.class':'b'}}," + spec + "}";
        assertThat(Rig.refusal(() -> rig.create(Resource.INGRESSES, "web", both)))
                .isEqualTo("annotations.kubernetes.io/ingress.class: Invalid value: \"b\": must match"
                        + " `ingressClassName` when both are specified");
        String old = "{'metadata':{'annotations':{'kubernetes.io/ingress.class':'b'}},'spec':{'rules':[{}]}}";
        assertThat(rig.write(Resource.INGRESSES, "web", old).warnings())
                .containsExactly("annotation \"kubernetes.io/ingress.class\" is deprecated, please use"
                        + " 'spec.ingressClassName' instead");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'controller':'example.com/one'}            |
            {}                                          | spec.controller: Required value
            {'controller':'one'}                        | spec.controller: Invalid value: "one": must be a domain-prefixed path (such as "acme.io/foo")
            {'controller':'A/one'}                      | spec.controller: Invalid value: "A": a lowercase RFC 1123 subdomain*
            {'controller':'a/o ne'}                     | spec.controller: Invalid value: "o ne": Invalid path (regex used for validation is*
            {'controller':'a/b','parameters':{'kind':'K','name':'n'}}                                      |
            {'controller':'a/b','parameters':{'name':'n'}}                                                 | spec.parameters.kind: Required value
            {'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'Namespace','namespace':'x'}}  |
            {'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'Namespace'}}                  | spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'
            {'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'Cluster','namespace':'x'}}    | spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'
            {'controller':'a/b','parameters':{'kind':'K','name':'n','scope':'Other'}}                      | spec.parameters.scope: Unsupported value: "Other": supported values: "Cluster", "Namespace"
            """)
    void ingressClasses(String spec, @Nullable String refusal) {
        assertCreated(Resource.INGRESS_CLASSES, "web", "{'spec':" + spec + "}", refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'podSelector':{}}                                              |
            {'podSelector':{'matchLabels':{'a':'b'}},'policyTypes':['Ingress','Egress']} |
            {'podSelector':{'matchExpressions':[{'key':'a','operator':'In'}]}}       | spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'
            {'podSelector':{'matchExpressions':[{'key':'a','operator':'Exists','values':['b']}]}} | spec.podSelector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'
            {'podSelector':{'matchExpressions':[{'key':'a','operator':'Is'}]}}       | spec.podSelector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator
            {'policyTypes':['Both']}                                        | spec.policyTypes[0]: Unsupported value: "Both": supported values: "Egress", "Ingress"
            {'policyTypes':['Ingress','Egress','Ingress']}                  | spec.policyTypes: Invalid value: ["Ingress","Egress","Ingress"]: may not specify more than two policyTypes
            {'ingress':[{'from':[{}]}]}                                     | spec.ingress[0].from[0]: Required value: must specify a peer
            {'ingress':[{'from':[{'podSelector':{},'namespaceSelector':{}}]}]} |
            {'egress':[{'to':[{'podSelector':{},'ipBlock':{'cidr':'10.0.0.0/8'}}]}]} | spec.egress[0].to[0]: Forbidden: may not specify both ipBlock and another peer
            {'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['10.1.0.0/16']}}]}]} |
            {'egress':[{'to':[{'ipBlock':{}}]}]}                            | spec.egress[0].to[0].ipBlock.cidr: Required value
            {'egress':[{'to':[{'ipBlock':{'cidr':'10'}}]}]}                 | spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10": must be a valid CIDR value*
            {'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['11.0.0.0/16']}}]}]} | spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`
            {'egress':[{'to':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['10.0.0.0/8']}}]}]}  | spec.egress[0].to[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`
            {'ingress':[{'ports':[{'port':80,'endPort':90}]}]}              |
            {'ingress':[{'ports':[{'protocol':'ICMP','port':80}]}]}         | spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"
            {'ingress':[{'ports':[{'port':0}]}]}                            | spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive
            {'ingress':[{'ports':[{'port':'a_b'}]}]}                        | spec.ingress[0].ports[0].port: Invalid value: "a_b": must contain only*
            {'ingress':[{'ports':[{'port':80,'endPort':79}]}]}              | spec.ingress[0].ports[0].endPort: Invalid value: 79: must be greater than or equal to `port`
            {'ingress':[{'ports':[{'port':'http','endPort':79}]}]}          | spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is non-numeric
            {'ingress':[{'ports':[{'endPort':79}]}]}                        | spec.ingress[0].ports[0].endPort: Invalid value: 79: may not be specified when `port` is not specified
            """)
    void networkPolicies(String spec, @Nullable String refusal) {
        assertCreated(Resource.NETWORK_POLICIES, "web", "{'spec':" + spec + "}", refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                              | ["Ingress"]
            {'ingress':[{}]}                | ["Ingress"]
            {'egress':[{}]}                 | ["Ingress","Egress"]
            {'policyTypes':['Egress']}      | ["Egress"]
            """)
    void aNetworkPolicyIsAboutWhatItHasRulesFor(String spec, String types) {
        ObjectNode made = rig.create(Resource.NETWORK_POLICIES, "web", "{'spec':" + spec + "}");
        assertThat(Tree.at(made, "spec", "policyTypes")).hasToString(types);
        assertThat(Tree.has(made, "spec", "podSelector")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {'ip':'203.0.113.1'}     |
            {'hostname':'a.b'}       |
            {'ip':'203.0.113.300'}   | status.loadBalancer.ingress[0].ip: Invalid value: "203.0.113.300": must be a valid IP address*
            {'hostname':'10.0.0.1'}  | status.loadBalancer.ingress[0].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address
            """)
    void statusOfIngresses(String point, @Nullable String refusal) {
        rig.create(Resource.INGRESSES, "web", "{'spec':{'rules':[{}]}}");
        ObjectNode asked = rig.get(Resource.INGRESSES, "web").deepCopy();
        asked.set("status", Rig.json("{'loadBalancer':{'ingress':[" + point + "]}}"));
        ServiceValidationTest.assertMatches(
                Rig.refusal(
                        () -> rig.replace(Resource.INGRESSES, "web", dev.fairway.api.registry.Section.STATUS, asked)),
                refusal);
    }
}
