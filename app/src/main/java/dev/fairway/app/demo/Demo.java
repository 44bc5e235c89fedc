package dev.fairway.app.demo;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.picture.Choice;
import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.SceneReader;
import dev.fairway.picture.TextPicture;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Plays the article with kubectl: each step is shown, done for real, and drawn from the live objects.
public final class Demo {

    private static final String SERVICE = "service-python";
    private static final String CLIENT = "pod-nginx";
    private static final int WAIT_SECONDS = 30;

    private final Terminal terminal;
    private final Kubectl kubectl;
    private final ClusterConfig config;
    private final Path manifests;
    private final NetworkNamespace outside;

    private Demo(Terminal terminal, Kubectl kubectl, ClusterConfig config, Path manifests, NetworkNamespace outside) {
        this.terminal = terminal;
        this.kubectl = kubectl;
        this.config = config;
        this.manifests = manifests;
        this.outside = outside;
    }

    /// @param manifests the folder with one file per step
    public static void play(StateFolder state, ClusterConfig config, Path manifests, Terminal terminal)
            throws Exception {
        NetworkNamespace outside = NetworkNamespace.find(config.name() + "-outside")
                .orElseThrow(() -> new CommandException(
                        ExitCode.API_UNREACHABLE, "the cluster is not running; first run: fairway up"));
        Demo demo = new Demo(terminal, new Kubectl(state.kubeconfig()), config, manifests, outside);
        try (RemoteServer _ =
                RemoteServer.start(outside, config.outside().host().getFirst())) {
            demo.noServices();
            demo.clusterIp();
            demo.nodePort();
            demo.loadBalancer();
            demo.externalName();
        }
        terminal.note("");
        terminal.note("The objects are still there: kubectl get svc,pods. Remove them with:"
                + " kubectl delete svc service-python, deploy pod-python, pod pod-nginx");
    }

    private void noServices() throws Exception {
        title("1. Two nodes, pods that reach each other by address");
        if (items("svc").stream().anyMatch(service -> Meta.name(service).equals(SERVICE))) {
            // of a demo before this one
            kubectl("delete", "svc", SERVICE);
        }
        kubectl("apply", "-f", manifest("1-no-services.yaml"));
        kubectl("rollout", "status", "deployment/pod-python", "--timeout=" + WAIT_SECONDS + "s");
        kubectl("wait", "--for=condition=Ready", "pod/" + CLIENT, "--timeout=" + WAIT_SECONDS + "s");
        kubectl("get", "nodes", "-o", "wide");
        kubectl("get", "pods", "-o", "wide");
        fromPod("http://" + IpAddress.parse(firstPodAddress()).withPort(443));
        picture();
    }

    private void clusterIp() throws Exception {
        title("2. ClusterIP: one stable address and name in front of three pods");
        kubectl("scale", "deployment/pod-python", "--replicas=3");
        kubectl("apply", "-f", manifest("2-clusterip.yaml"));
        kubectl("rollout", "status", "deployment/pod-python", "--timeout=" + WAIT_SECONDS + "s");
        kubectl("get", "svc", SERVICE);
        fromPod("http://" + SERVICE + ":3000");
        fromPod("http://" + clusterAddress().withPort(3000));
        picture();
    }

    private void nodePort() throws Exception {
        title("3. NodePort: the same Service on port 30080 of every node");
        kubectl("apply", "-f", manifest("3-nodeport.yaml"));
        kubectl("get", "svc", SERVICE);
        for (ClusterConfig.NodeConfig node : config.nodes()) {
            fromOutside("http://" + node.outside().getFirst().withPort(30080));
        }
        picture();
    }

    private void loadBalancer() throws Exception {
        title("4. LoadBalancer: one outside address over all nodes");
        kubectl("apply", "-f", manifest("4-loadbalancer.yaml"));
        kubectl(
                "wait",
                "--for=jsonpath={.status.loadBalancer.ingress[0].ip}",
                "svc/" + SERVICE,
                "--timeout=" + WAIT_SECONDS + "s");
        kubectl("get", "svc", SERVICE);
        String address = Tree.text(
                Tree.objects(get("svc", SERVICE), "status", "loadBalancer", "ingress")
                        .getFirst(),
                "ip");
        fromOutside("http://" + IpAddress.parse(address).withPort(3000));
        fromOutside("http://" + IpAddress.parse(address).withPort(3000));
        picture();
    }

    private void externalName() throws Exception {
        title("5. ExternalName: the same URL, now a server outside");
        kubectl("apply", "-f", manifest("5-externalname.yaml"));
        kubectl("get", "svc", SERVICE);
        fromPod("http://" + SERVICE + ":3000");
        picture();
    }

    private void title(String text) {
        terminal.note("");
        terminal.note(terminal.bold(text));
    }

    private String manifest(String name) {
        return manifests.resolve(name).toString();
    }

    private void kubectl(String... arguments) throws InterruptedException {
        terminal.note("$ kubectl " + String.join(" ", arguments));
        Kubectl.Result result = kubectl.run(List.of(arguments));
        terminal.out().print(result.text());
        terminal.out().flush();
        if (result.exitCode() != 0) {
            throw new CommandException(ExitCode.FAILED, "kubectl " + arguments[0] + " failed: the demo stops here");
        }
    }

    /// A request from the client pod; a Service that has just changed gets a few seconds to be everywhere.
    private void fromPod(String url) throws Exception {
        terminal.note("$ kubectl exec " + CLIENT + " -- curl -s " + url);
        long deadline = deadline();
        Kubectl.Result result;
        do {
            result = kubectl.run(List.of("exec", CLIENT, "--", "curl", "-s", "-m", "2", url));
        } while (result.exitCode() != 0 && System.nanoTime() < deadline);
        show(result.exitCode(), result.text(), url);
    }

    private void fromOutside(String url) throws Exception {
        terminal.note("$ fairway outside -- curl -s " + url);
        long deadline = deadline();
        Kubectl.Result result;
        do {
            result = outside.call(() -> curl(url));
        } while (result.exitCode() != 0 && System.nanoTime() < deadline);
        show(result.exitCode(), result.text(), url);
    }

    private static Kubectl.Result curl(String url) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("curl", "-s", "-m", "2", url)
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Kubectl.Result(process.waitFor(), text);
    }

    private static long deadline() {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    }

    private void show(int exitCode, String text, String url) {
        terminal.out().print(text);
        terminal.out().flush();
        if (exitCode != 0) {
            throw new CommandException(ExitCode.FAILED, "no answer from " + url + ": the demo stops here");
        }
    }

    private void picture() throws InterruptedException {
        ClusterObjects objects =
                new ClusterObjects(items("nodes"), items("pods"), items("svc"), items("endpointslices"));
        terminal.out().println();
        terminal.out().print(TextPicture.draw(SceneReader.read(objects, new Choice("default", SERVICE))));
        terminal.out().flush();
    }

    private List<ObjectNode> items(String kind) throws InterruptedException {
        return Tree.objects(get(kind, ""), "items");
    }

    private JsonNode get(String kind, String name) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("get", kind, "-o", "json"));
        if (!name.isEmpty()) {
            arguments.add(2, name);
        }
        Kubectl.Result result = kubectl.run(arguments);
        if (result.exitCode() != 0) {
            throw new CommandException(
                    ExitCode.API_UNREACHABLE,
                    "kubectl get " + kind + ": " + result.text().strip());
        }
        return Json.parse(result.text());
    }

    private String firstPodAddress() throws InterruptedException {
        return Tree.objects(get("pods", ""), "items").stream()
                .filter(pod -> Tree.text(pod, "metadata", "labels", "run").equals("pod-python"))
                .filter(pod -> !Meta.isBeingDeleted(pod))
                .map(pod -> Tree.text(pod, "status", "podIP"))
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElseThrow(() -> new CommandException(ExitCode.FAILED, "no python pod has an address yet"));
    }

    private IpAddress clusterAddress() throws InterruptedException {
        return IpAddress.parse(Tree.text(get("svc", SERVICE), "spec", "clusterIP"));
    }
}
