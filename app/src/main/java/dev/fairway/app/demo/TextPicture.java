package dev.fairway.app.demo;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The picture of one Service in text, from live objects: outside on top, nodes side by side, the Service as a band
/// across them, its pods inside. Same objects, same text.
public final class TextPicture {

    private static final int NODE_WIDTH = 34;

    private final List<JsonNode> nodes;
    private final List<JsonNode> pods;
    private final JsonNode service;
    private final int width;

    private TextPicture(List<JsonNode> nodes, List<JsonNode> pods, JsonNode service) {
        this.nodes = nodes;
        this.pods = pods;
        this.service = service;
        this.width = nodes.size() * (NODE_WIDTH + 2);
    }

    /// @param service the Service object, or a missing node when there is none
    /// @param pods the pods to draw, those behind the Service or all
    public static String draw(List<JsonNode> nodes, List<JsonNode> pods, JsonNode service) {
        return new TextPicture(nodes, pods, service).draw();
    }

    private String draw() {
        List<String> lines = new ArrayList<>();
        String type = Tree.text(service, "spec", "type");
        if (type.equals("LoadBalancer")) {
            lines.add(centred("outside"));
            lines.add(centred("|"));
            lines.add(centred("[ load balancer " + balancerAddress() + ":" + port() + " ]"));
        }
        if (nodePort() > 0) {
            lines.add(row(node -> "v"));
            lines.add(row(node -> "outside " + address(node, "ExternalIP") + ":" + nodePort()));
        }
        lines.add(row(node -> "+" + "-".repeat(NODE_WIDTH - 2) + "+"));
        lines.add(row(node -> framed(Meta.name(node) + "  inside " + address(node, "InternalIP"))));
        if (!service.isMissingNode()) {
            lines.add(band(type));
        }
        addPods(lines);
        lines.add(row(node -> "+" + "-".repeat(NODE_WIDTH - 2) + "+"));
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private String band(String type) {
        String text = type.equals("ExternalName")
                ? Meta.name(service) + ":" + port() + " ==> " + Tree.text(service, "spec", "externalName") + ":"
                        + targetPort()
                : Meta.name(service) + " " + Tree.text(service, "spec", "clusterIP") + ":" + port() + " -> :"
                        + targetPort();
        String padded = "==[ " + text + " ]";
        return padded + "=".repeat(Math.max(2, width - 2 - padded.length()));
    }

    private void addPods(List<String> lines) {
        int most = nodes.stream().mapToInt(node -> podsOn(node).size()).max().orElse(0);
        for (int i = 0; i < most; i++) {
            int at = i;
            lines.add(row(node -> {
                List<JsonNode> here = podsOn(node);
                return framed(at < here.size() ? pod(here.get(at)) : "");
            }));
        }
    }

    private static String pod(JsonNode pod) {
        boolean ready = Tree.objects(pod, "status", "conditions").stream()
                .anyMatch(condition -> Tree.text(condition, "type").equals("Ready")
                        && Tree.text(condition, "status").equals("True"));
        String name = Meta.name(pod);
        String shown = name.length() > 16 ? name.substring(0, 10) + "~" + name.substring(name.length() - 5) : name;
        return (ready ? "o " : ". ") + shown + " " + Tree.text(pod, "status", "podIP");
    }

    private List<JsonNode> podsOn(JsonNode node) {
        return pods.stream()
                .filter(pod -> Tree.text(pod, "spec", "nodeName").equals(Meta.name(node)))
                .toList();
    }

    private String row(java.util.function.Function<JsonNode, String> cell) {
        return nodes.stream()
                .map(node -> String.format("%-" + NODE_WIDTH + "s  ", cell.apply(node)))
                .collect(Collectors.joining());
    }

    private static String framed(String text) {
        return String.format("| %-" + (NODE_WIDTH - 4) + "s |", text);
    }

    private String centred(String text) {
        return " ".repeat(Math.max(0, (width - text.length()) / 2)) + text;
    }

    private static String address(JsonNode node, String type) {
        return Tree.objects(node, "status", "addresses").stream()
                .filter(entry -> Tree.text(entry, "type").equals(type))
                .map(entry -> Tree.text(entry, "address"))
                .findFirst()
                .orElse("-");
    }

    private String balancerAddress() {
        return Tree.objects(service, "status", "loadBalancer", "ingress").stream()
                .map(entry -> Tree.text(entry, "ip"))
                .findFirst()
                .orElse("<pending>");
    }

    private long port() {
        return firstPort("port");
    }

    private long nodePort() {
        return firstPort("nodePort");
    }

    private long targetPort() {
        return firstPort("targetPort");
    }

    private long firstPort(String field) {
        return Tree.objects(service, "spec", "ports").stream()
                .mapToLong(port -> Tree.number(port, 0, field))
                .findFirst()
                .orElse(0);
    }
}
