package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Real pods in real namespaces.
class PodRuntimeTest {

    private static final String ECHO =
            "{'containers':[{'name':'web','image':'nginx:1.27','ports':[{'containerPort':80}]}]}";

    @TempDir
    Path state;

    private PodWorld world;

    @BeforeEach
    void makeNode() {
        world = new PodWorld(state);
    }

    @AfterEach
    void removeNode() {
        world.close();
    }

    private static String host(String script) {
        return host("Always", script);
    }

    private static String host(String policy, String script) {
        String quoted = script.replace("\"", "\\\"");
        return """
                {'restartPolicy':'%s','terminationGracePeriodSeconds':5,'containers':[
                 {'name':'main','image':'fairway.dev/host','command':['/bin/sh','-c',"%s"]}]}
                """.formatted(policy, quoted);
    }

    @Test
    void echoPodAnswersOnBothFamilies() throws IOException {
        world.create("web", ECHO);
        ObjectNode pod = world.awaitRunning("web");
        List<String> ips = PodWorld.ips(pod);
        assertThat(ips).containsExactly("10.244.7.2", "fd00:10:244:7::2");
        for (String ip : ips) {
            assertThat(PodWorld.get(world.node, ip, 80))
                    .startsWith("HTTP/1.1 200 OK\r\n")
                    .contains("pod=web\nnode=node-1\nip=" + ip + "\nport=80\nclient=");
        }
        assertThat(Tree.text(pod, "status", "hostIP")).isEqualTo("172.31.0.1");
        assertThat(PodWorld.condition(pod, "ContainersReady")).isEqualTo("True");
        assertThat(Tree.text(PodWorld.container(pod), "containerID")).startsWith("fairway://");
    }

    @Test
    void neighboursReachEachOtherThroughTheNode() throws IOException {
        world.create("a", ECHO);
        world.create("b", ECHO);
        ObjectNode a = world.awaitRunning("a");
        ObjectNode b = world.awaitRunning("b");
        NetworkNamespace from = NetworkNamespace.find(world.namespaceOf(a)).orElseThrow();
        for (int family = 0; family < 2; family++) {
            assertThat(PodWorld.get(from, PodWorld.ips(b).get(family), 80))
                    .contains("pod=b\n")
                    .contains(PodWorld.ips(a).get(family));
        }
    }

    @Test
    void recreatedPodGetsAnotherAddressAndNothingIsLeftOfTheOldOne() {
        world.create("web", ECHO);
        world.awaitRunning("web");
        world.delete("web", 5);
        world.awaitGone("web");
        assertThat(world.podNamespaces()).isEmpty();
        world.create("web", ECHO);
        assertThat(PodWorld.ips(world.awaitRunning("web"))).containsExactly("10.244.7.3", "fd00:10:244:7::3");
    }

    @Test
    void addressStaysOverARestartOfTheAgent() throws IOException {
        world.create("web", ECHO);
        List<String> before = PodWorld.ips(world.awaitRunning("web"));
        for (boolean keep : List.of(true, false)) {
            world.restart(keep);
            ObjectNode pod = world.awaitRunning("web");
            assertThat(PodWorld.ips(pod)).isEqualTo(before);
            awaitAnswer(before.getFirst());
            assertThat(PodWorld.container(pod).get("restartCount").intValue()).isZero();
        }
    }

    private void awaitAnswer(String ip) throws IOException {
        for (int i = 0; i < 100; i++) {
            try {
                assertThat(PodWorld.get(world.node, ip, 80)).contains("pod=web");
                return;
            } catch (IOException notYet) {
                PodWorld.sleep();
            }
        }
        assertThat(PodWorld.get(world.node, ip, 80)).contains("pod=web");
    }

    @Test
    void podThatVanishedWhileTheAgentWasAwayIsEnded() {
        world.create("web", ECHO);
        world.awaitRunning("web");
        world.runtime().close(true);
        world.delete("web", 0);
        world.restart(true);
        for (int i = 0; i < 200 && !world.podNamespaces().isEmpty(); i++) {
            PodWorld.sleep();
        }
        assertThat(world.podNamespaces()).isEmpty();
    }

    @Test
    void processRunsInThePodsNetworkAndEndsWithItsCode() {
        world.create("job", host("Never", "hostname; cat /etc/resolv.conf; ip -br -4 addr show eth0; exit 3"));
        ObjectNode pod =
                world.await("job", found -> Tree.text(found, "status", "phase").equals("Failed"));
        assertThat(Tree.number(PodWorld.container(pod), -1, "state", "terminated", "exitCode"))
                .isEqualTo(3);
        assertThat(Tree.text(PodWorld.container(pod), "state", "terminated", "reason"))
                .isEqualTo("Error");
    }

    @Test
    void crashingProcessBacksOff() {
        world.create("crash", host("exit 1"));
        ObjectNode pod = world.await(
                "crash",
                found -> Tree.text(PodWorld.container(found), "state", "waiting", "reason")
                        .equals("CrashLoopBackOff"));
        assertThat(PodWorld.container(pod).get("restartCount").intValue()).isEqualTo(1);
        assertThat(Tree.text(pod, "status", "phase")).isEqualTo("Running");
        assertThat(Tree.number(PodWorld.container(pod), -1, "lastState", "terminated", "exitCode"))
                .isEqualTo(1);
    }

    @Test
    void unknownImageIsRefusedWithTheRemedy() {
        world.create("pull", "{'containers':[{'name':'c','image':'redis:7'}]}");
        ObjectNode pod = world.await(
                "pull",
                found -> Tree.text(PodWorld.container(found), "state", "waiting", "reason")
                        .equals("ErrImagePull"));
        assertThat(Tree.text(PodWorld.container(pod), "state", "waiting", "message"))
                .contains("\"redis:7\" is not known")
                .contains("images: {redis: fairway.dev/echo}");
        assertThat(Tree.text(pod, "status", "phase")).isEqualTo("Pending");
        world.await(
                "pull",
                found -> Tree.text(PodWorld.container(found), "state", "waiting", "reason")
                        .equals("ImagePullBackOff"));
        assertThat(world.events()).anyMatch(event -> event.startsWith("Failed Failed to pull image \"redis:7\""));
    }

    @Test
    void deletionAsksThenKills() {
        world.create("stubborn", host("trap \"\" TERM; while :; do sleep 1; done"));
        world.awaitRunning("stubborn");
        world.delete("stubborn", 1);
        world.awaitGone("stubborn");
        assertThat(world.podNamespaces()).isEmpty();
        assertThat(world.api.get(Resource.PODS, "default", "stubborn")).isEmpty();
    }

    @Test
    void probesDecideReadinessAndRestarts() {
        world.create("well", """
                {'containers':[{'name':'web','image':'nginx','ports':[{'name':'http','containerPort':80}],
                 'startupProbe':{'exec':{'command':['true']},'periodSeconds':1},
                 'readinessProbe':{'httpGet':{'port':'http','path':'/'},'periodSeconds':1}}]}""");
        world.create("unready", """
                {'containers':[{'name':'web','image':'nginx',
                 'readinessProbe':{'exec':{'command':['false']},'periodSeconds':1,'failureThreshold':1}}]}""");
        world.create("ill", """
                {'containers':[{'name':'web','image':'nginx',
                 'livenessProbe':{'tcpSocket':{'port':81},'periodSeconds':1,'failureThreshold':1}}]}""");
        world.awaitRunning("well");
        ObjectNode ill = world.await(
                "ill", pod -> PodWorld.container(pod).path("restartCount").asInt() > 0);
        assertThat(Tree.has(PodWorld.container(ill), "lastState", "terminated")).isTrue();
        ObjectNode unready =
                world.await("unready", pod -> Tree.text(pod, "status", "phase").equals("Running"));
        assertThat(PodWorld.isReady(unready)).isFalse();
        assertThat(world.events())
                .anyMatch(event -> event.startsWith("Unhealthy Readiness probe failed"))
                .anyMatch(event -> event.startsWith("Unhealthy Liveness probe failed: dial tcp"))
                .contains("Killing Container web failed liveness probe, will be restarted");
    }
}
