package dev.fairway.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

class TextPictureTest {

    private static final List<JsonNode> NODES = List.of(node("node-1", 1), node("node-2", 2));
    private static final List<JsonNode> PODS =
            List.of(pod("pod-a", "node-1", "1.1.1.65", "True"), pod("pod-b", "node-2", "1.1.1.130", "False"));

    private static final String BALANCER_STATUS = "{\"loadBalancer\": {\"ingress\": [{\"ip\": \"4.4.5.0\"}]}}";

    private static JsonNode node(String name, int number) {
        return Json.parse("""
                {"metadata": {"name": "%s"}, "status": {"addresses": [
                  {"type": "InternalIP", "address": "1.1.1.%d"}, {"type": "ExternalIP", "address": "4.4.4.%d"}]}}
                """.formatted(name, number, number));
    }

    private static JsonNode pod(String name, String node, String address, String ready) {
        return Json.parse("""
                {"metadata": {"name": "%s"}, "spec": {"nodeName": "%s"},
                 "status": {"podIP": "%s", "conditions": [{"type": "Ready", "status": "%s"}]}}
                """.formatted(name, node, address, ready));
    }

    private static JsonNode service(String spec, String status) {
        return Json.parse(
                "{\"metadata\": {\"name\": \"service-python\"}, \"spec\": " + spec + ", \"status\": " + status + "}");
    }

    @Test
    void podsWithoutService() {
        assertThat(TextPicture.draw(NODES, PODS, MissingNode.getInstance())).isEqualTo("""
                +--------------------------------+  +--------------------------------+
                | node-1  inside 1.1.1.1         |  | node-2  inside 1.1.1.2         |
                | o pod-a 1.1.1.65               |  | . pod-b 1.1.1.130              |
                +--------------------------------+  +--------------------------------+
                """);
    }

    @Test
    void loadBalancerWrapsNodePortWrapsClusterIp() {
        JsonNode service = service("""
                {"type": "LoadBalancer", "clusterIP": "1.1.10.1",
                 "ports": [{"port": 3000, "nodePort": 30080, "targetPort": 443}]}""", BALANCER_STATUS);
        assertThat(TextPicture.draw(NODES, PODS, service)).isEqualTo("""
                                                outside
                                                   |
                                     [ load balancer 4.4.5.0:3000 ]
                v                                   v
                outside 4.4.4.1:30080               outside 4.4.4.2:30080
                +--------------------------------+  +--------------------------------+
                | node-1  inside 1.1.1.1         |  | node-2  inside 1.1.1.2         |
                ==[ service-python 1.1.10.1:3000 -> :443 ]============================
                | o pod-a 1.1.1.65               |  | . pod-b 1.1.1.130              |
                +--------------------------------+  +--------------------------------+
                """);
    }

    @Test
    void theReadmeShowsWhatIsDrawn() throws Exception {
        List<JsonNode> pods = List.of(
                pod("pod-nginx", "node-1", "1.1.1.66", "True"),
                pod("pod-python-xxxxxxxxxx-vp6vl", "node-2", "1.1.1.130", "True"),
                pod("pod-python-xxxxxxxxxx-tzpvx", "node-1", "1.1.1.67", "True"),
                pod("pod-python-xxxxxxxxxx-x7rms", "node-2", "1.1.1.131", "True"));
        JsonNode service = service("""
                {"type": "LoadBalancer", "clusterIP": "1.1.10.1",
                 "ports": [{"port": 3000, "nodePort": 30080, "targetPort": 443}]}""", """
                {"loadBalancer": {"ingress": [{"ip": "4.4.5.1"}]}}""");
        assertThat(Files.readString(Path.of("..", "README.md"))).contains(TextPicture.draw(NODES, pods, service));
    }

    @Test
    void externalNamePointsOut() {
        JsonNode service = service("""
                {"type": "ExternalName", "externalName": "remote.server.url.com",
                 "ports": [{"port": 3000, "targetPort": 443}]}""", "{}");
        assertThat(TextPicture.draw(NODES, List.of(), service))
                .contains("==[ service-python:3000 ==> remote.server.url.com:443 ]====");
    }
}
