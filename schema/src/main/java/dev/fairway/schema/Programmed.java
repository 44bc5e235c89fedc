package dev.fairway.schema;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How it is told that a Service as it is now is in the kernels of the nodes. Services have no generation, so the
/// condition goes with every write that means something to nodes, in the same transaction, and comes back when all
/// nodes have told that they are so far.
public final class Programmed {

    /// The type of the condition, and the annotation by which a Service asks for none.
    public static final String CONDITION = "fairway.dev/programmed";

    /// The value of that annotation.
    public static final String HIDDEN = "hidden";

    /// Annotation of a node's Lease: the resourceVersion up to which all that the API said of Services is in its
    /// kernel.
    public static final String REVISION = "fairway.dev/programmed-revision";

    private static final String OUR_ANNOTATIONS = "fairway.dev/";
    private static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";

    private Programmed() {}

    /// Whether somebody may wait for the condition of this Service.
    public static boolean isAwaited(JsonNode service) {
        return !Meta.isBeingDeleted(service)
                && !Meta.annotation(service, CONDITION).equals(HIDDEN)
                && Tree.objects(service, "status", "conditions").stream()
                        .noneMatch(condition -> isOurs(condition)
                                && Tree.text(condition, "status").equals("True"));
    }

    /// Takes the condition away if nodes have something new to do for the Service. Edits `now`.
    public static void withdraw(JsonNode old, ObjectNode now) {
        if (isSameForNodes(old, now) || !(Tree.at(now, "status", "conditions") instanceof ArrayNode conditions)) {
            return;
        }
        conditions.removeIf(Programmed::isOurs);
        if (conditions.isEmpty()) {
            Tree.makeObject(now, "status").remove("conditions");
        }
    }

    private static boolean isOurs(JsonNode condition) {
        return Tree.text(condition, "type").equals(CONDITION);
    }

    private static boolean isSameForNodes(JsonNode old, JsonNode now) {
        return Tree.at(old, "spec").equals(Tree.at(now, "spec"))
                && Tree.at(old, "status", "loadBalancer").equals(Tree.at(now, "status", "loadBalancer"))
                && ourAnnotations(old).equals(ourAnnotations(now))
                && Tree.has(old, "metadata", "labels", PROXY_NAME_LABEL)
                        == Tree.has(now, "metadata", "labels", PROXY_NAME_LABEL);
    }

    private static Map<String, String> ourAnnotations(JsonNode service) {
        SortedMap<String, String> out = new TreeMap<>(Meta.annotations(service));
        out.keySet().removeIf(name -> !name.startsWith(OUR_ANNOTATIONS));
        return out;
    }
}
