package dev.fairway.resolve;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.table.ServiceName;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what an ExternalName Service asks for: a plain alias, or an address whose ports are translated.
///
/// A port whose `targetPort` differs from its `port` cannot work as an alias, so it asks for a mapping; the annotation
/// `fairway.dev/external-name` decides otherwise.
record ExternalName(ObjectNode service) {

    static final String ANNOTATION = "fairway.dev/external-name";

    boolean wantsMapping() {
        if (!Tree.text(service, "spec", "type").equals("ExternalName") || ports().isEmpty()) {
            return false;
        }
        return switch (Meta.annotation(service, ANNOTATION)) {
            case "cname" -> false;
            case "mapped" -> true;
            default -> ports().stream().anyMatch(port -> targetPort(port) != port(port));
        };
    }

    MappedClaim claim() {
        ServiceName name = new ServiceName(Meta.namespace(service), Meta.name(service));
        return new MappedClaim(Tree.text(service, "metadata", "creationTimestamp"), Meta.uid(service), name, target());
    }

    /// What is wrong with the annotation, as a sentence.
    Optional<String> problem() {
        String asked = Meta.annotation(service, ANNOTATION);
        return switch (asked) {
            case "", "cname" -> Optional.empty();
            case "mapped" ->
                ports().isEmpty()
                        ? Optional.of("annotation " + ANNOTATION + ": mapped needs at least one port to translate; "
                                + "add spec.ports")
                        : Optional.empty();
            default ->
                Optional.of("annotation " + ANNOTATION + ": \"" + asked + "\" is not known and changes nothing; "
                        + "use cname or mapped");
        };
    }

    /// Without the root's dot.
    String target() {
        String target = Tree.text(service, "spec", "externalName");
        return target.endsWith(".") ? target.substring(0, target.length() - 1) : target;
    }

    private List<ObjectNode> ports() {
        return Tree.objects(service, "spec", "ports");
    }

    private static long port(JsonNode port) {
        return Tree.number(port, 0, "port");
    }

    /// The port at the external host; the Service port when absent or 0. A named one cannot be known outside the
    /// cluster and counts as the Service port.
    static int targetPort(JsonNode port) {
        long target = Tree.number(port, 0, "targetPort");
        return (int) (target == 0 ? port(port) : target);
    }
}
