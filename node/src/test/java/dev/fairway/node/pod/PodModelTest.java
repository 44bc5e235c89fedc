package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.kernel.Credentials;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.node.pod.volume.ApiObjects;
import dev.fairway.schema.Json;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.Tree;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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
            {"tcpSocket":{"port":1},"successThreshold":%d,"failureThreshold":%d}\
            """.formatted(success, failure));
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
        registry.k8s.io/pause:3.10,          PAUSE
        example.org/tests/agnhost:2.53,      PAUSE
        example.org/tests/special:1,         ECHO
        example.org/other:1,                 NONE
        redis,                               NONE
        """)
    void imageIsLookedUpByItsNameThenWithoutTagThenByPatterns(String image, String found) {
        ImageMap map = ImageMap.of(Map.of(
                "nginx", "fairway.dev/echo:any",
                "registry:5000/tool", "fairway.dev/host",
                "example.org/tests/*:*", "fairway.dev/pause",
                "example.org/tests/special:*", "fairway.dev/echo"));
        assertThat(map.find(image).map(PodModelTest::kind).orElse("NONE")).isEqualTo(found);
        assertThat(ImageMap.of(Map.of("*", "fairway.dev/echo")).find("redis")).contains(ImageMap.Image.ECHO);
    }

    private static String kind(ImageMap.Image image) {
        return switch (image) {
            case ImageMap.Image.Echo _ -> "ECHO";
            case ImageMap.Image.Pause _ -> "PAUSE";
            case ImageMap.Image.Files _ -> "HOST";
        };
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # image entry, image args, command, args, what runs
        /tool | serve  |      |       | /tool serve
        /tool | serve  |      | a b   | /tool a b
        /tool | serve  | /sh  |       | /sh
        /tool | serve  | /sh  | -c x  | /sh -c x
              |        | echo | $(NAME) $$(NAME) $(NO) | echo web $(NAME) $(NO)
        """)
    void commandReplacesTheEntryPointAndArgsItsArguments(
            String entry, String defaults, String command, String args, String line) throws Exception {
        ImageMap.Image.Files image = new ImageMap.Image.Files(
                Path.of("/"), Optional.empty(), words(entry), words(defaults), new TreeMap<>(), "", "");
        ObjectNode container = Json.object().put("name", "c").put("image", "x");
        words(command).forEach(word -> Tree.makeArray(container, "command").add(word));
        words(args).forEach(word -> Tree.makeArray(container, "args").add(word));
        assertThat(String.join(
                        " ", ProcessStarter.commandLine(ContainerSpec.of(container), image, Map.of("NAME", "web"))))
                .isEqualTo(line);
    }

    private static List<String> words(String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {}                                 | {}                                       | 0:0 []
        {'runAsUser':7}                    | {}                                       | 7:0 []
        {'runAsUser':7,'runAsGroup':8}     | {'runAsUser':9}                          | 9:8 []
        {'supplementalGroups':[3],'fsGroup':4} | {}                                   | 0:0 [3, 4]
        {}                                 | {'allowPrivilegeEscalation':false}       | 0:0 [] gains nothing
        {}                                 | {'capabilities':{'drop':['ALL'],'add':['NET_BIND_SERVICE']}} | 0:0 [] -all,+net_bind_service
        {}                                 | {'capabilities':{'add':['SYS_ADMIN']}}   | 0:0 []
        {'runAsNonRoot':true}              | {'runAsUser':0}                          | breaks non-root policy
        {'runAsNonRoot':true}              | {}                                       | image will run as root
        {'runAsNonRoot':true}              | {'runAsNonRoot':false}                   | 0:0 []
        """)
    void securityContextsSayAsWhomAContainerRuns(String podContext, String ownContext, String who) {
        PodSpec pod = pod("{'securityContext':%s,'containers':[{'name':'c','securityContext':%s}]}"
                .formatted(podContext, ownContext));
        String found;
        try {
            Credentials as = ContainerUser.of(pod, pod.containers().getFirst(), "");
            found = "%d:%d %s %s%s"
                    .formatted(
                            as.user(),
                            as.group(),
                            as.groups(),
                            as.capabilities().orElse(""),
                            as.gainsNothing() ? "gains nothing" : "");
        } catch (Container.StartRefused e) {
            found = e.text();
        }
        assertThat(found.strip()).contains(who);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        metadata.labels['app']      | web
        metadata.labels             | app="web"
        metadata.name               | web-0
        spec.nodeName               | node-1
        status.podIPs               | 10.1.1.1,fd00::1
        limits.cpu                  | 2
        limits.cpu/1m               | 1500
        limits.memory/1Mi           | 64
        requests.memory             | 0
        limits.ephemeral-storage    | 0
        """)
    void downwardApiTellsFieldsAndResources(String path, String value) {
        PodSpec pod = pod("{'containers':[{'name':'c','resources':{'limits':{'cpu':'1500m','memory':'64Mi'}}}]}");
        DownwardApi downward = new DownwardApi(
                pod,
                List.of(IpAddress.parse("10.1.1.1"), IpAddress.parse("fd00::1")),
                List.of(),
                "node-1",
                Map.of("cpu", Quantity.of(4)));
        String[] parts = path.split("/");
        ObjectNode reference = Json.object().put("resource", parts[0]);
        if (parts.length > 1) {
            reference.put("divisor", parts[1]);
        }
        assertThat(downward.field(path)
                        .or(() -> downward.resource(pod.containers().getFirst().object(), reference)))
                .contains(value);
    }

    private static final String CLUSTER_LINES =
            "search shop.svc.c.local svc.c.local c.local;nameserver 10.96.0.10;options ndots:5;";

    private static PodSpec pod(String spec) {
        ObjectNode pod = Json.parse("""
            {"metadata":{"name":"web-0","namespace":"shop","uid":"u","labels":{"app":"web"}}}\
            """);
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
        assertThat(PodFiles.hosts(pod, List.of(IpAddress.parse("10.1.1.1")), "c.local", ""))
                .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n")
                .contains("10.1.1.1\tweb-0.db.shop.svc.c.local\tweb-0\n")
                .endsWith("192.0.2.9\ta\tb\n");
    }

    @Test
    void searchListIsCutWhereResolversStop() {
        String many = String.join(
                "','",
                java.util.stream.IntStream.range(0, 40).mapToObj(i -> "d" + i).toList());
        ClusterDns dns = new ClusterDns(List.of(IpAddress.parse("10.96.0.10")), "c.local", "");
        String text = PodFiles.resolvConf(
                pod("{'dnsConfig':{'searches':['" + many + "'],'nameservers':['1.1.1.1','1.1.1.2','1.1.1.3']}}"), dns);
        assertThat(text.lines().findFirst().orElse("").split(" ")).hasSize(1 + 32);
        assertThat(text.lines().filter(line -> line.startsWith("nameserver"))).hasSize(3);
    }

    @Test
    void variablesNameServicesFieldsAndEarlierVariables() {
        PodSpec pod = pod("""
            {"containers":[{"name":"c","env":[
              {"name":"IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},
              {"name":"URL","value":"http://$(IP)/$(NOPE)/$$(IP)"}]}]}\
            """);
        ObjectNode service = Json.parse("""
            {"metadata":{"name":"my-db","namespace":"shop"},
             "spec":{"clusterIP":"10.96.0.5","ports":[{"name":"sql","port":5432}]}}\
            """);
        DownwardApi downward =
                new DownwardApi(pod, List.of(IpAddress.parse("10.1.1.1")), List.of(), "node-1", Map.of());
        Map<String, String> variables = new Environment(
                        downward, new ApiObjects(new dev.fairway.schema.memory.MemoryApi()))
                .of(pod.containers().getFirst(), List.of(service));
        assertThat(variables)
                .containsEntry("IP", "10.1.1.1")
                .containsEntry("URL", "http://10.1.1.1/$(NOPE)/$(IP)")
                .containsEntry("MY_DB_SERVICE_HOST", "10.96.0.5")
                .containsEntry("MY_DB_SERVICE_PORT", "5432")
                .containsEntry("MY_DB_SERVICE_PORT_SQL", "5432")
                .containsEntry("MY_DB_PORT_5432_TCP", "tcp://10.96.0.5:5432");
    }
}
