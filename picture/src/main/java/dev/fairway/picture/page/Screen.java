package dev.fairway.picture.page;

import dev.fairway.picture.ClusterObjects;
import dev.fairway.picture.Scene;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.svg.Frame;
import dev.fairway.picture.svg.SvgPicture;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a page shows at one moment: the picture, and the same as a table.
///
/// @param namespaces in which there are Services
public record Screen(Frame frame, List<Row> rows, List<String> namespaces) {

    /// One Service of the table; addresses and ports are ready to be shown.
    public record Row(
            String namespace, String name, String type, String addresses, String ports, long ready, int endpoints) {}

    public Screen {
        rows = List.copyOf(rows);
        namespaces = List.copyOf(namespaces);
    }

    public static Screen of(ClusterObjects objects, View view) {
        Scene scene = view.scene(objects);
        TreeSet<String> namespaces =
                objects.services().stream().map(Meta::namespace).collect(Collectors.toCollection(TreeSet::new));
        return new Screen(
                SvgPicture.frame(scene),
                scene.services().stream().map(Screen::row).toList(),
                List.copyOf(namespaces));
    }

    private static Row row(SceneService service) {
        String addresses = service.externalName().isEmpty()
                ? joined(service.addresses()) + (service.headless() ? "headless" : "")
                : service.externalName();
        return new Row(
                service.service().namespace(),
                service.name(),
                service.type().apiName(),
                service.balancers().isEmpty() ? addresses : addresses + ", " + joined(service.balancers()),
                service.ports().stream()
                        .map(port -> port.port() + "/" + port.protocol()
                                + (port.nodePort() == 0 ? "" : " (node " + port.nodePort() + ")"))
                        .collect(Collectors.joining(", ")),
                service.readyCount(),
                service.endpoints().size());
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    /// Equal for equal screens, also of another process, and for no others: a browser that comes back says what it
    /// still shows.
    public String version() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// What a page must be told that shows `before`; empty when that is nothing.
    ///
    /// @param before empty for a page that shows nothing yet
    public Optional<ObjectNode> changesSince(Optional<Screen> before) {
        if (before.isPresent() && before.get().equals(this)) {
            return Optional.empty();
        }
        ObjectNode out = Json.object();
        addPicture(out, before.map(Screen::frame));
        if (before.isEmpty() || !before.get().rows().equals(rows)) {
            addRows(out.putArray("rows"));
        }
        if (before.isEmpty() || !before.get().namespaces().equals(namespaces)) {
            namespaces.forEach(out.putArray("namespaces")::add);
        }
        return Optional.of(out);
    }

    private void addPicture(ObjectNode out, Optional<Frame> before) {
        out.put("width", frame.width()).put("height", frame.height());
        out.put("title", frame.title()).put("description", frame.description());
        List<String> order = List.copyOf(frame.parts().keySet());
        if (before.isEmpty() || !order.equals(List.copyOf(before.get().parts().keySet()))) {
            order.forEach(out.putArray("order")::add);
        }
        ObjectNode parts = out.putObject("parts");
        frame.parts().forEach((key, text) -> {
            if (before.isEmpty() || !text.equals(before.get().parts().get(key))) {
                parts.put(key, text);
            }
        });
    }

    private void addRows(ArrayNode out) {
        for (Row row : rows) {
            out.addObject()
                    .put("namespace", row.namespace())
                    .put("name", row.name())
                    .put("type", row.type())
                    .put("addresses", row.addresses())
                    .put("ports", row.ports())
                    .put("ready", row.ready())
                    .put("endpoints", row.endpoints());
        }
    }
}
