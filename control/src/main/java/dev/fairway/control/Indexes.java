package dev.fairway.control;

import dev.fairway.control.loop.Index;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.object.Owners;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Programmed;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The indexes that decisions use, and the questions they answer.
public final class Indexes {

    public static final String SERVICE_NAME = "kubernetes.io/service-name";

    private static final String ANY = "*";

    static final Index PODS_BY_CONTROLLER =
            new Index(Resource.PODS, "controller", pod -> present(Owners.controllerUid(pod)));
    static final Index REPLICA_SETS_BY_CONTROLLER =
            new Index(Resource.REPLICA_SETS, "controller", set -> present(Owners.controllerUid(set)));
    static final Index PODS_BY_NODE =
            new Index(Resource.PODS, "node", pod -> List.of(Pods.nodeName(pod).isEmpty() ? ANY : Pods.nodeName(pod)));
    static final Index PODS_BY_LABEL = new Index(Resource.PODS, "label", Indexes::labelKeys);
    static final Index SERVICES_BY_SELECTOR = new Index(Resource.SERVICES, "selector", Indexes::selectorKeys);
    static final Index SERVICES_NOT_PROGRAMMED = new Index(
            Resource.SERVICES, "not programmed", service -> Programmed.isAwaited(service) ? List.of(ANY) : List.of());
    static final Index SLICES_BY_SERVICE = new Index(Resource.ENDPOINT_SLICES, "service", Indexes::serviceOfSlice);

    static final List<Index> ALL = List.of(
            PODS_BY_CONTROLLER,
            REPLICA_SETS_BY_CONTROLLER,
            PODS_BY_NODE,
            PODS_BY_LABEL,
            SERVICES_BY_SELECTOR,
            SERVICES_NOT_PROGRAMMED,
            SLICES_BY_SERVICE);

    private Indexes() {}

    public static Collection<ObjectNode> podsOf(Snapshot snapshot, JsonNode controller) {
        return snapshot.find(PODS_BY_CONTROLLER, Meta.uid(controller));
    }

    public static Collection<ObjectNode> podsOn(Snapshot snapshot, String node) {
        return snapshot.find(PODS_BY_NODE, node);
    }

    public static Collection<ObjectNode> podsWithoutNode(Snapshot snapshot) {
        return snapshot.find(PODS_BY_NODE, ANY);
    }

    public static Collection<ObjectNode> replicaSetsOf(Snapshot snapshot, JsonNode controller) {
        return snapshot.find(REPLICA_SETS_BY_CONTROLLER, Meta.uid(controller));
    }

    public static Collection<ObjectNode> slicesOf(Snapshot snapshot, String namespace, String service) {
        return snapshot.find(SLICES_BY_SERVICE, namespace + "/" + service);
    }

    /// The Services of which it is not known that they are in the kernels as they are now.
    public static Collection<ObjectNode> servicesNotProgrammed(Snapshot snapshot) {
        return snapshot.find(SERVICES_NOT_PROGRAMMED, ANY);
    }

    /// The pods of a namespace that carry all of the labels; no labels select all pods.
    public static List<ObjectNode> podsWith(Snapshot snapshot, String namespace, Map<String, String> labels) {
        Collection<ObjectNode> fewest = snapshotOfLabels(snapshot, namespace, labels);
        return fewest.stream()
                .filter(pod -> Meta.labels(pod).entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    private static Collection<ObjectNode> snapshotOfLabels(
            Snapshot snapshot, String namespace, Map<String, String> labels) {
        Collection<ObjectNode> best = List.of();
        int fewest = Integer.MAX_VALUE;
        for (Map.Entry<String, String> label : labels.entrySet()) {
            Collection<ObjectNode> found = snapshot.find(PODS_BY_LABEL, labelKey(namespace, label));
            if (found.size() < fewest) {
                best = found;
                fewest = found.size();
            }
        }
        return labels.isEmpty() ? snapshot.list(Resource.PODS, namespace) : best;
    }

    /// The Services whose selector chooses a pod with these labels.
    public static List<ObjectNode> servicesSelecting(Snapshot snapshot, JsonNode pod) {
        String namespace = Meta.namespace(pod);
        SortedMap<String, String> labels = Meta.labels(pod);
        Stream<String> keys = Stream.concat(
                Stream.of(namespace + "/" + ANY), labels.entrySet().stream().map(label -> labelKey(namespace, label)));
        return keys.flatMap(key -> snapshot.find(SERVICES_BY_SELECTOR, key).stream())
                .filter(service -> labels.entrySet()
                        .containsAll(Tree.textMap(service, "spec", "selector").entrySet()))
                .toList();
    }

    private static List<String> present(String key) {
        return key.isEmpty() ? List.of() : List.of(key);
    }

    private static String labelKey(String namespace, Map.Entry<String, String> label) {
        return namespace + "/" + label.getKey() + "=" + label.getValue();
    }

    private static Collection<String> labelKeys(ObjectNode object) {
        List<String> out = new ArrayList<>();
        Meta.labels(object).entrySet().forEach(label -> out.add(labelKey(Meta.namespace(object), label)));
        return out;
    }

    /// One pair of the selector is enough to file a Service under: a chosen pod has it.
    private static Collection<String> selectorKeys(ObjectNode service) {
        if (!Tree.has(service, "spec", "selector")) {
            return List.of();
        }
        return List.of(Tree.textMap(service, "spec", "selector").entrySet().stream()
                .map(label -> labelKey(Meta.namespace(service), label))
                .findFirst()
                .orElse(Meta.namespace(service) + "/" + ANY));
    }

    private static Collection<String> serviceOfSlice(ObjectNode slice) {
        String service = Meta.labels(slice).getOrDefault(SERVICE_NAME, "");
        return service.isEmpty() ? List.of() : List.of(Meta.namespace(slice) + "/" + service);
    }
}
