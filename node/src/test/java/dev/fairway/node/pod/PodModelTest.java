package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.schema.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// The small decisions: addresses, back-off, probes, images, resolver files, variables.
class PodModelTest {

    @Test
    void addressesAreDistinctStableAndGivenInTurn() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        AddressPool pool = AddressPool.empty(Cidr.parse("10.0.0.0/27"));
        for (int i = 0; i < 2000; i++) {
            String uid = "pod-" + random.nextInt(60);
            if (random.nextBoolean()) {
                pool = pool.release(uid);
            } else if (pool.byPod().containsKey(uid) || pool.byPod().size() < 29) {
                AddressPool.Granted granted = pool.grant(uid);
                IpAddress before = pool.byPod().get(uid);
                assertThat(granted.address())
                        .as("seed %s", seed)
                        .isEqualTo(before == null ? granted.address() : before);
                pool = granted.pool();
            }
            Set<IpAddress> given = new HashSet<>(pool.byPod().values());
            assertThat(given).as("seed %s", seed).hasSize(pool.byPod().size());
            assertThat(given)
                    .as("seed %s", seed)
                    .doesNotContain(
                            IpAddress.parse("10.0.0.0"), IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.31"));
        }
    }

    @Test
    void releasedAddressIsNotGivenAgainAtOnce() {
        AddressPool pool = AddressPool.empty(Cidr.parse("10.0.0.0/29"));
        pool = pool.grant("a").pool().release("a");
        assertThat(pool.grant("b").address()).isEqualTo(IpAddress.parse("10.0.0.3"));
    }

    @Test
    void exhaustedBlockSaysSo() {
        AddressPool pool =
                AddressPool.empty(Cidr.parse("10.0.0.0/30")).grant("a").pool();
        assertThatThrownBy(() -> pool.grant("b"))
                .hasMessageStartingWith("pod block 10.0.0.0/30 is exhausted (1 of 1 in use)");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,10", "3,20", "4,40", "5,80", "6,160", "7,300", "8,300", "1000,300"})
    void backoffDoublesUpToFiveMinutes(int failures, long seconds) {
        assertThat(Backoff.afterFailures(failures).toSeconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            # kind,        success, failure, answers, passing, condemned
            readinessProbe, 1,       3,       ,        false,   false
            readinessProbe, 1,       3,       +,       true,    false
            readinessProbe, 1,       3,       +--,     true,    false
            readinessProbe, 1,       3,       +---,    false,   false
            readinessProbe, 2,       3,       +-+,     false,   false
            readinessProbe, 2,       3,       +-++,    true,    false
            livenessProbe,  1,       3,       --,      true,    false
            livenessProbe,  1,       3,       --+--,   true,    false
            livenessProbe,  1,       3,       ---,     false,   true
            startupProbe,   1,       2,       -,       false,   false
            startupProbe,   1,       2,       -+,      true,    false
            startupProbe,   1,       2,       --,      false,   true
            """)
    void verdictChangesOnlyAfterEnoughEqualAnswers(
            String kind, int success, int failure, String answers, boolean passing, boolean condemned) {
        ObjectNode probe = Json.parse("""
                {"tcpSocket":{"port":1},"successThreshold":%d,"failureThreshold":%d}""".formatted(success, failure));
        ProbeSpec.Kind of = List.of(ProbeSpec.Kind.values()).stream()
                .filter(each -> each.field().equals(kind))
                .findFirst()
                .orElseThrow();
        ProbeState state = ProbeState.initial(ProbeSpec.of(of, probe));
        for (char answer : (answers == null ? "" : answers).toCharArray()) {
            state = state.next(answer == '+');
        }
        assertThat(state.passing()).isEqualTo(passing);
        assertThat(state.condemns()).isEqualTo(condemned);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            fairway.dev/echo,                    ECHO
            fairway.dev/echo:v1,                 ECHO
            fairway.dev/host,                    HOST
            nginx,                               ECHO
            nginx:1.27,                          ECHO
            docker.io/library/nginx:1.27,        ECHO
            nginx@sha256:00,                     ECHO
            registry:5000/tool,                  HOST
            registry:5000/tool:2,                HOST
            redis,
            """)
    void imageIsLookedUpByItsNameWithoutTag(String image, ImageMap.Image found) {
        ImageMap map = ImageMap.of(Map.of("nginx", "fairway.dev/echo:any", "registry:5000/tool", "fairway.dev/host"));
        assertThat(map.find(image).orElse(null)).isEqualTo(found);
        assertThat(ImageMap.of(Map.of("*", "fairway.dev/echo")).find("redis")).contains(ImageMap.Image.ECHO);
    }

    private static final String CLUSTER_LINES =
            "search shop.svc.c.local svc.c.local c.local;nameserver 10.96.0.10;options ndots:5;";

    private static PodSpec pod(String spec) {
        ObjectNode pod = Json.parse("""
                {"metadata":{"name":"web-0","namespace":"shop","uid":"u","labels":{"app":"web"}}}""");
        pod.set("spec", Json.parse(spec.replace('\'', '"')));
        return PodSpec.of(pod);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {} | CLUSTER
            {'dnsPolicy':'Default'}                        | search corp;nameserver 192.0.2.1;
            {'hostNetwork':true}                           | search corp;nameserver 192.0.2.1;
            {'hostNetwork':true,'dnsPolicy':'ClusterFirstWithHostNet'} | CLUSTER
            {'dnsPolicy':'None','dnsConfig':{'nameservers':['1.2.3.4']}} | nameserver 1.2.3.4;
            {'dnsPolicy':'None','dnsConfig':{'options':[{'name':'ndots','value':'1'}]}} | options ndots:1;
            """)
    void resolverFileFollowsTheDnsPolicy(String spec, String lines) {
        ClusterDns dns = new ClusterDns(
                List.of(IpAddress.parse("10.96.0.10")), "c.local", "search corp\nnameserver 192.0.2.1\n");
        assertThat(PodFiles.resolvConf(pod(spec), dns))
                .isEqualTo(lines.replace("CLUSTER", CLUSTER_LINES).replace(';', '\n'));
    }

    @Test
    void hostsFileNamesThePodAndItsAliases() {
        PodSpec pod = pod("{'subdomain':'db','hostAliases':[{'ip':'192.0.2.9','hostnames':['a','b']}]}");
        assertThat(PodFiles.hosts(pod, List.of(IpAddress.parse("10.1.1.1")), "c.local"))
                .contains("10.1.1.1\tweb-0.db.shop.svc.c.local\tweb-0\n")
                .endsWith("192.0.2.9\ta\tb\n");
    }

    @Test
    void variablesNameServicesFieldsAndEarlierVariables() {
        PodSpec pod = pod("""
                {"containers":[{"name":"c","env":[
                  {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
                  {"name":"URL","value":"http://$(IP)/$(NOPE)/$$(IP)"}]}]}""");
        ObjectNode service = Json.parse("""
                {"metadata":{"name":"my-db","namespace":"shop"},
                 "spec":{"clusterIP":"10.96.0.5","ports":[{"name":"sql","port":5432}]}}""");
        Map<String, String> variables = new Environment(
                        pod,
                        List.of(IpAddress.parse("10.1.1.1")),
                        List.of(),
                        "node-1",
                        new dev.fairway.schema.memory.MemoryApi())
                .of(pod.containers().getFirst(), List.of(service));
        assertThat(variables)
                .containsEntry("IP", "10.1.1.1")
                .containsEntry("URL", "http://10.1.1.1/$(NOPE)/$(IP)")
                .containsEntry("MY_DB_SERVICE_HOST", "10.96.0.5")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsEntry("MY_DB_SERVICE_PORT_SQL", "5432")
                .containsEntry("MY_DB_PORT_5432_TCP", "tcp://10.96.0.5:5432")
                .containsEntry("HOSTNAME", "web-0");
    }
}
