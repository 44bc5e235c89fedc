package dev.fairway.picture;

import dev.fairway.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Draws a scene in text: outside on top, nodes side by side, each Service as a band across them, pods inside. Same
/// scene, same text.
public final class TextPicture {

    private static final int NODE_WIDTH = 34;
    private static final int NAME_WIDTH = 16;

    private final Scene scene;
    private final int width;

    private TextPicture(Scene scene) {
        this.scene = scene;
        this.width = scene.nodes().size() * (NODE_WIDTH + 2);
    }

    public static String draw(Scene scene) {
        return new TextPicture(scene).draw();
    }

    private String draw() {
        List<String> lines = new ArrayList<>();
        List<SceneService> balanced = scene.services().stream()
                .filter(service -> service.type() == ServiceType.LOAD_BALANCER)
                .toList();
        if (!balanced.isEmpty()) {
            lines.add(centred("outside"));
            lines.add(centred("|"));
            balanced.forEach(
                    service -> lines.add(centred("[ load balancer " + balancer(service) + ":" + port(service) + " ]")));
        }
        addDoors(lines);
        lines.add(row(node -> "+" + "-".repeat(NODE_WIDTH - 2) + "+"));
        lines.add(row(node -> framed(node.name() + "  inside " + first(node.inside()))));
        scene.services().forEach(service -> lines.add(band(service)));
        addPods(lines);
        lines.add(row(node -> "+" + "-".repeat(NODE_WIDTH - 2) + "+"));
        return lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }

    private void addDoors(List<String> lines) {
        List<Integer> doors = scene.services().stream()
                .flatMap(service -> service.ports().stream())
                .map(ScenePort::nodePort)
                .filter(port -> port > 0)
                .toList();
        if (!doors.isEmpty()) {
            lines.add(row(node -> "v"));
        }
        doors.forEach(port -> lines.add(row(node -> "outside " + first(node.doors()) + ":" + port)));
    }

    private String band(SceneService service) {
        String text = service.type() == ServiceType.EXTERNAL_NAME
                ? service.name() + ":" + port(service) + " ==> " + service.externalName() + ":" + target(service)
                : service.name() + " " + address(service) + ":" + port(service) + " -> :" + target(service);
        String padded = "==[ " + text + " ]";
        return padded + "=".repeat(Math.max(2, width - 2 - padded.length()));
    }

    private static String address(SceneService service) {
        return service.headless() ? "None" : first(service.addresses());
    }

    private void addPods(List<String> lines) {
        int most = scene.nodes().stream()
                .mapToInt(node -> scene.podsOn(node.name()).size())
                .max()
                .orElse(0);
        for (int i = 0; i < most; i++) {
            int at = i;
            lines.add(row(node -> {
                List<ScenePod> here = scene.podsOn(node.name());
                return framed(at < here.size() ? pod(here.get(at)) : "");
            }));
        }
    }

    private static String pod(ScenePod pod) {
        String mark = switch (pod.state()) {
            case READY -> "o ";
            case NOT_READY -> ". ";
            case TERMINATING -> "x ";
        };
        String name = pod.name();
        String shown =
                name.length() > NAME_WIDTH ? name.substring(0, 10) + "~" + name.substring(name.length() - 5) : name;
        return mark + shown + " " + first(pod.addresses());
    }

    private String row(Function<SceneNode, String> cell) {
        return scene.nodes().stream()
                .map(node -> String.format("%-" + NODE_WIDTH + "s  ", cell.apply(node)))
                .collect(Collectors.joining());
    }

    private static String framed(String text) {
        return String.format("| %-" + (NODE_WIDTH - 4) + "s |", text);
    }

    private String centred(String text) {
        return " ".repeat(Math.max(0, (width - text.length()) / 2)) + text;
    }

    private static String first(List<IpAddress> addresses) {
        return addresses.isEmpty() ? "-" : addresses.getFirst().toString();
    }

    private static String balancer(SceneService service) {
        return service.balancers().isEmpty() ? "<pending>" : service.balancers().getFirst();
    }

    private static String port(SceneService service) {
        return service.ports().isEmpty()
                ? "-"
                : Integer.toString(service.ports().getFirst().port());
    }

    private static String target(SceneService service) {
        return service.ports().isEmpty() ? "-" : service.ports().getFirst().target();
    }
}
