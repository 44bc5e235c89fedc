package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.ExecSession;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// What manifests ask of a pod beyond a command: volumes, variables, hooks, sidecars, identities, ports, input.
class PodFeaturesTest {

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

    // ---- to say it shortly

    private void put(Resource resource, String kind, String name, Map<String, String> data) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name).put("namespace", "default");
        ObjectNode fields = object.putObject("data");
        data.forEach(fields::put);
        world.api
                .get(resource, "default", name)
                .ifPresentOrElse(
                        old -> {
                            object.set("metadata", old.get("metadata"));
                            world.api.update(resource, object);
                        },
                        () -> world.api.create(resource, object));
    }

    private static String container(String name, String script, String more) {
        return "{'name':'%s','image':'fairway.dev/host','command':['sh','-c',\"%s\"]%s}"
                .formatted(name, script.replace("\"", "\\\""), more.isEmpty() ? "" : "," + more);
    }

    private String log(String pod, String container) throws IOException {
        PodRef ref = new PodRef("default", pod, "", container);
        try (InputStream in = world.runtime().access().logs(ref, new LogOptions(false, -1, -1, -1, false, false))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String exec(String pod, String... command) throws Exception {
        ExecOptions options = new ExecOptions(List.of(command), false, true, true, false);
        try (ExecSession session = world.runtime().access().exec(new PodRef("default", pod, "", "main"), options)) {
            String output = new String(session.output().readAllBytes(), StandardCharsets.UTF_8);
            session.waitFor();
            return output;
        }
    }

    private static Predicate<ObjectNode> phase(String phase) {
        return pod -> Tree.text(pod, "status", "phase").equals(phase);
    }

    private static ObjectNode status(ObjectNode pod, String list, String container) {
        return Tree.objects(pod, "status", list).stream()
                .filter(status -> Tree.text(status, "name").equals(container))
                .findFirst()
                .orElseThrow();
    }

    // ---- volumes

    @Test
    void volumesShowWhatTheApiHasAndFollowIt() throws Exception {
        put(Resource.CONFIG_MAPS, "ConfigMap", "settings", Map.of("color", "blue", "motto", "steady"));
        put(Resource.SECRETS, "Secret", "keys", Map.of("password", "aGlkZGVu"));
        world.create("pod", """
            {'securityContext':{'runAsUser':1000,'fsGroup':3000},'containers':[%s],'volumes':[
             {'name':'config','configMap':{'name':'settings','items':[{'key':'color','path':'deep/paint','mode':288}]}},
             {'name':'all','projected':{'defaultMode':256,'sources':[
               {'secret':{'name':'keys'}},{'configMap':{'name':'absent','optional':true}},
               {'downwardAPI':{'items':[{'path':'who','fieldRef':{'fieldPath':'metadata.name'}}]}}]}},
             {'name':'work','emptyDir':{}}]}
            """.formatted(container("main", "sleep 600", """
                    'volumeMounts':[{'name':'config','mountPath':'/shown/config'},
                      {'name':'config','mountPath':'/shown/one','subPath':'deep/paint'},
                      {'name':'all','mountPath':'/shown/all'},{'name':'work','mountPath':'/shown/work'},
                      {'name':'work','mountPath':'/shown/mine','subPathExpr':'of-$(WHO)'}],
                    'env':[{'name':'WHO','valueFrom':{'fieldRef':{'fieldPath':'metadata.name'}}}]\
                    """)));
        world.awaitRunning("pod");
        assertThat(exec("pod", "cat", "/shown/config/deep/paint")).isEqualTo("blue");
        assertThat(exec("pod", "stat", "-L", "-c", "%a %g", "/shown/config/deep/paint"))
                .isEqualTo("440 3000\n");
        assertThat(exec("pod", "sh", "-c", "cat /shown/all/who /shown/all/password"))
                .isEqualTo("podhidden");
        assertThat(exec("pod", "sh", "-c", "echo x > /shown/all/who || echo refused"))
                .isEqualTo("refused\n");
        exec("pod", "sh", "-c", "echo mine > /shown/mine/file");
        assertThat(exec("pod", "sh", "-c", "cat /shown/work/of-pod/file; stat -c %g /shown/work/of-pod/file"))
                .isEqualTo("mine\n3000\n");

        put(Resource.CONFIG_MAPS, "ConfigMap", "settings", Map.of("color", "green"));
        for (int i = 0;
                i < 3000 && exec("pod", "cat", "/shown/config/deep/paint").equals("blue");
                i++) {
            PodWorld.sleep();
        }
        assertThat(exec("pod", "cat", "/shown/config/deep/paint")).isEqualTo("green");
        assertThat(exec("pod", "cat", "/shown/one")).isEqualTo("blue");
    }

    @Test
    void missingSourceIsToldAndTriedAgain() {
        world.create(
                "pod", """
                    {'containers':[%s],'volumes':[{'name':'v','configMap':{'name':'later'}}]}
                    """.formatted(container("main", "sleep 600", "'volumeMounts':[{'name':'v','mountPath':'/v'}]")));
        world.await(
                "pod",
                _ -> world.events()
                        .contains("FailedMount MountVolume.SetUp failed for volume \"v\" :"
                                + " configmap \"later\" not found"));
        put(Resource.CONFIG_MAPS, "ConfigMap", "later", Map.of("a", "b"));
        world.awaitRunning("pod");
    }

    // ---- variables

    @Test
    void variablesComeFromConfigMapsSecretsAndThePod() throws Exception {
        put(Resource.CONFIG_MAPS, "ConfigMap", "settings", Map.of("color", "blue"));
        put(Resource.SECRETS, "Secret", "keys", Map.of("password", "aGlkZGVu"));
        world.create("pod", """
            {'restartPolicy':'Never','containers':[%s]}
            """.formatted(container("main", "echo $GREETING $KEY_password $IP $0", """
                    'args':['$(COLOR)-arg'],'envFrom':[{'prefix':'KEY_','secretRef':{'name':'keys'}}],
                    'env':[{'name':'COLOR','valueFrom':{'configMapKeyRef':{'name':'settings','key':'color'}}},
                      {'name':'GREETING','value':'is $(COLOR) not $$(COLOR)'},
                      {'name':'IP','valueFrom':{'fieldRef':{'fieldPath':'status.podIP'}}},
                      {'name':'NONE','valueFrom':{'secretKeyRef':{'name':'x','key':'y','optional':true}}}]\
                    """)));
        world.await("pod", phase("Succeeded"));
        assertThat(log("pod", "main")).isEqualTo("is blue not $(COLOR) hidden 10.244.7.2 blue-arg\n");
    }

    // ---- order

    @Test
    void initContainersRunInTurnBesideASidecar() throws Exception {
        world.create("pod", """
            {'restartPolicy':'Never','terminationGracePeriodSeconds':2,'initContainers':[%s,%s,%s],'containers':[%s],
             'volumes':[{'name':'work','emptyDir':{}}]}
            """.formatted(
                container("first", "echo first >> /work/order", "'volumeMounts':[{'name':'work','mountPath':'/work'}]"),
                container("helper", "echo helper >> /work/order; touch /work/up; exec sleep 600", """
                    'restartPolicy':'Always','volumeMounts':[{'name':'work','mountPath':'/work'}],
                    'startupProbe':{'exec':{'command':['test','-e','/work/up']},'periodSeconds':1}\
                    """),
                container("last", "echo last >> /work/order", "'volumeMounts':[{'name':'work','mountPath':'/work'}]"),
                container("main", "cat /work/order", "'volumeMounts':[{'name':'work','mountPath':'/work'}]")));
        ObjectNode pod = world.await(
                "pod",
                found -> phase("Succeeded").test(found)
                        && Tree.has(status(found, "initContainerStatuses", "helper"), "state", "terminated"));
        assertThat(log("pod", "main")).isEqualTo("first\nhelper\nlast\n");
        assertThat(Tree.text(status(pod, "initContainerStatuses", "first"), "state", "terminated", "reason"))
                .isEqualTo("Completed");
        assertThat(PodWorld.condition(pod, "Initialized")).isEqualTo("True");
        assertThat(PodWorld.condition(pod, "Ready")).isEqualTo("False");
    }

    @Test
    void failedInitContainerFailsAPodThatNeverRestarts() {
        world.create(
                "pod",
                "{'restartPolicy':'Never','initContainers':[%s],'containers':[%s]}"
                        .formatted(container("bad", "exit 4", ""), container("main", "true", "")));
        ObjectNode pod = world.await("pod", phase("Failed"));
        assertThat(Tree.number(status(pod, "initContainerStatuses", "bad"), 0, "state", "terminated", "exitCode"))
                .isEqualTo(4);
        assertThat(Tree.text(status(pod, "containerStatuses", "main"), "state", "waiting", "reason"))
                .isEqualTo("PodInitializing");
    }

    // ---- hooks and last words

    @Test
    void hooksRunAfterTheStartAndBeforeTheEnd() throws Exception {
        world.create("pod", """
            {'terminationGracePeriodSeconds':10,'containers':[%s],'volumes':[{'name':'out','hostPath':{'path':'%s'}}]}
            """.formatted(
                container("main", "trap \"echo term >> /out/order; exit 0\" TERM; while :; do sleep 0.05; done", """
                    'volumeMounts':[{'name':'out','mountPath':'/out'}],
                    'readinessProbe':{'exec':{'command':['test','-e','/out/order']},'periodSeconds':1},
                    'lifecycle':{'postStart':{'exec':{'command':['sh','-c','echo started >> /out/order']}},
                      'preStop':{'exec':{'command':['sh','-c','sleep 1; echo stopping>>/out/order']}}}\
                    """),
                state.resolve("out")));
        world.awaitRunning("pod");
        world.delete("pod", 10);
        world.awaitGone("pod");
        assertThat(state.resolve("out").resolve("order")).hasContent("started\nstopping\nterm\n");
    }

    @Test
    void failedPostStartHookEndsTheContainer() {
        world.create(
                "pod",
                "{'terminationGracePeriodSeconds':1,'containers':[%s]}"
                        .formatted(container(
                                "main", "sleep 600", "'lifecycle':{'postStart':{'exec':{'command':['false']}}}")));
        world.await("pod", pod -> Tree.number(PodWorld.container(pod), 0, "restartCount") > 0);
        assertThat(world.events()).contains("FailedPostStartHook PostStartHook failed");
    }

    @Test
    void lastWordsComeFromTheFileOrTheLog() {
        world.create(
                "pod",
                "{'restartPolicy':'Never','containers':[%s,%s,%s]}"
                        .formatted(
                                container("file", "echo written > /dev/termination-log", ""),
                                container(
                                        "elsewhere",
                                        "printf there > /tmp/words",
                                        "'terminationMessagePath':'/tmp/words'"),
                                container(
                                        "log",
                                        "echo said; exit 1",
                                        "'terminationMessagePolicy':'FallbackToLogsOnError'")));
        ObjectNode pod = world.await("pod", phase("Failed"));
        assertThat(List.of("file", "elsewhere", "log"))
                .extracting(name -> Tree.text(status(pod, "containerStatuses", name), "state", "terminated", "message"))
                .containsExactly("written\n", "there", "said\n");
    }

    @Test
    void podEndsAtItsDeadline() {
        world.create(
                "pod",
                "{'activeDeadlineSeconds':1,'terminationGracePeriodSeconds':1,'containers':[%s]}"
                        .formatted(container("main", "sleep 600", "")));
        ObjectNode pod = world.await("pod", phase("Failed"));
        assertThat(Tree.text(pod, "status", "reason")).isEqualTo("DeadlineExceeded");
    }

    // ---- who and where

    @Test
    void containerRunsAsSomebodyElseAndStillOpensPort80() throws Exception {
        world.create("pod", """
            {'securityContext':{'runAsUser':1234,'runAsGroup':5678,'runAsNonRoot':true,'supplementalGroups':[99],
              'sysctls':[{'name':'net.ipv4.ip_local_port_range','value':'40000 40010'}]},'containers':[%s]}
            """.formatted(container(
                "main", "id; cat /proc/sys/net/ipv4/ip_local_port_range; exec python3 -m http.server 80", """
                    'securityContext':{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']}},
                    'readinessProbe':{'tcpSocket':{'port':80},'periodSeconds':1}\
                    """)));
        world.awaitRunning("pod");
        assertThat(log("pod", "main"))
                .contains("uid=1234 gid=5678 groups=5678,99")
                .contains("40000\t40010");
        assertThat(exec("pod", "grep", "CapBnd", "/proc/self/status")).contains("0000000000000000");
    }

    @Test
    void rootMustBeAllowed() {
        world.create(
                "pod",
                "{'securityContext':{'runAsNonRoot':true},'containers':[%s]}".formatted(container("main", "true", "")));
        ObjectNode pod = world.await(
                "pod",
                found -> Tree.text(PodWorld.container(found), "state", "waiting", "reason")
                        .equals("CreateContainerConfigError"));
        assertThat(Tree.text(PodWorld.container(pod), "state", "waiting", "message"))
                .startsWith("container has runAsNonRoot and image will run as root (pod: \"pod_default(");
    }

    @Test
    void hostPortLeadsToThePodWhileItIsThere() throws Exception {
        world.create("pod", """
            {'containers':[{'name':'web','image':'nginx','ports':[{'containerPort':80,'hostPort':8099}]}]}\
            """);
        world.awaitRunning("pod");
        for (String ip : List.of("10.244.7.1", "fd00:10:244:7::1", "127.0.0.1")) {
            assertThat(PodWorld.get(world.node, ip, 8099)).as(ip).contains("pod=pod\n");
        }
        world.delete("pod", 0);
        for (int i = 0; i < 500 && !world.podNamespaces().isEmpty(); i++) {
            PodWorld.sleep();
        }
        Process nft = new ProcessBuilder("ip", "netns", "exec", world.node.name(), "nft", "list", "tables").start();
        assertThat(new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .doesNotContain("fairway-host-ports");
    }

    // ---- input

    @Test
    void attachedInputEndsWithItsFirstClient() throws Exception {
        world.create(
                "pod",
                "{'restartPolicy':'Never','containers':[%s]}"
                        .formatted(container("main", "cat; echo over", "'stdin':true,'stdinOnce':true")));
        world.awaitRunning("pod");
        ExecOptions options = new ExecOptions(List.of(), true, true, true, false);
        try (ExecSession session = world.runtime().access().attach(new PodRef("default", "pod", "", "main"), options)) {
            session.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            session.input().close();
            assertThat(new String(session.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello\nover\n");
        }
        world.await("pod", phase("Succeeded"));
    }
}
