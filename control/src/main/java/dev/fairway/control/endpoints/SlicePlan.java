package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.SlicePacking.Packed;
import dev.fairway.control.endpoints.SlicePacking.Slice;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.control.loop.Write;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The writes that turn a Service's slices into the wanted ones.
final class SlicePlan {

    private record Created(Group group, List<ObjectNode> endpoints) {}

    private record Changed(ObjectNode slice, Group group, List<ObjectNode> endpoints) {}

    private final SliceShape shape;
    private final WantedEndpoints wanted;
    private final int limit;
    private final Map<String, ObjectNode> existing = new TreeMap<>();
    private final Map<String, ObjectNode> foreign = new TreeMap<>();
    private final List<Created> created = new ArrayList<>();
    private final List<Changed> changed = new ArrayList<>();
    private final List<ObjectNode> removed = new ArrayList<>();

    private SlicePlan(SliceShape shape, Collection<ObjectNode> slices, WantedEndpoints wanted, int limit) {
        this.shape = shape;
        this.wanted = wanted;
        this.limit = limit;
        slices.forEach(slice -> (shape.owns(slice) ? existing : foreign).put(Meta.name(slice), slice));
    }

    /// @param shape whose slices they are
    /// @param slices the existing ones, only those that the same controller made
    /// @param limit the most endpoints per slice
    static List<Write> plan(
            SliceShape shape,
            List<IpFamily> families,
            Collection<ObjectNode> slices,
            WantedEndpoints wanted,
            int limit) {
        SlicePlan plan = new SlicePlan(shape, slices, wanted, limit);
        for (IpFamily family : List.of(IpFamily.values())) {
            if (families.contains(family)) {
                plan.planFamily(family);
            } else {
                plan.removed.addAll(plan.slicesOf(family));
            }
        }
        plan.recycle();
        plan.removed.addAll(plan.foreign.values());
        return plan.writes();
    }

    private void planFamily(IpFamily family) {
        Map<Group, List<ObjectNode>> slices = new TreeMap<>();
        slicesOf(family)
                .forEach(slice -> slices.computeIfAbsent(
                                new Group(family, SlicePort.ofSlice(slice)), _ -> new ArrayList<>())
                        .add(slice));
        TreeSet<Group> groups = new TreeSet<>(slices.keySet());
        wanted.groups().keySet().stream()
                .filter(group -> group.family() == family)
                .forEach(groups::add);
        int left = 0;
        for (Group group : groups) {
            left += planGroup(group, slices.getOrDefault(group, List.of()));
        }
        if (left == 0 && shape.isOfPods()) {
            keepPlaceholder(new Group(family, List.of()));
        }
    }

    /// @return how many slices the group then has
    private int planGroup(Group group, List<ObjectNode> slices) {
        Packed packed = SlicePacking.pack(
                slices.stream().map(this::packable).toList(), wanted.groups().getOrDefault(group, Map.of()), limit);
        packed.changed().forEach((name, endpoints) -> changed.add(new Changed(slice(name), group, endpoints)));
        packed.created().forEach(endpoints -> created.add(new Created(group, endpoints)));
        packed.removed().forEach(name -> removed.add(slice(name)));
        return packed.changed().size() + packed.created().size() + packed.kept().size();
    }

    private Slice packable(ObjectNode slice) {
        Map<String, ObjectNode> endpoints = new LinkedHashMap<>();
        boolean doubled = false;
        for (ObjectNode endpoint : Tree.objects(slice, "endpoints")) {
            doubled = endpoints.put(WantedEndpoints.identityOf(endpoint), endpoint) != null || doubled;
        }
        boolean outdated = doubled || shape.differsFrom(slice) || weighsOtherwise(slice, endpoints.values());
        return new Slice(Meta.name(slice), outdated, endpoints);
    }

    /// Of the endpoints that it keeps; for others it is changed anyway.
    private boolean weighsOtherwise(ObjectNode slice, Collection<ObjectNode> endpoints) {
        return shape.isOfPods()
                && !Meta.annotation(slice, PodWeights.OF_SLICE).equals(PodWeights.text(endpoints, wanted.weights()));
    }

    /// One empty slice always remains, so that readers can tell "no endpoints" from "not looked at yet".
    private void keepPlaceholder(Group empty) {
        Optional<ObjectNode> old = removed.stream()
                .filter(slice -> familyOf(slice) == empty.family())
                .filter(slice -> isPlaceholder(slice))
                .findFirst();
        old.ifPresentOrElse(removed::remove, () -> created.add(new Created(empty, List.of())));
    }

    private boolean isPlaceholder(ObjectNode slice) {
        return Tree.objects(slice, "endpoints").isEmpty()
                && Tree.objects(slice, "ports").isEmpty()
                && !shape.differsFrom(slice);
    }

    /// A slice to delete takes the place of one to create: one write instead of two, and no gap between them.
    private void recycle() {
        for (ObjectNode slice : List.copyOf(removed)) {
            Optional<Created> taker = created.stream()
                    .filter(wish -> wish.group().family() == familyOf(slice))
                    .findFirst();
            taker.filter(_ -> !Meta.isBeingDeleted(slice)).ifPresent(wish -> {
                removed.remove(slice);
                created.remove(wish);
                changed.add(new Changed(slice, wish.group(), wish.endpoints()));
            });
        }
    }

    private List<Write> writes() {
        List<Write> out = new ArrayList<>();
        Optional<Instant> time = triggerTime();
        created.forEach(it -> out.add(Write.Create.of(
                Resource.ENDPOINT_SLICES, weighed(shape.create(it.group(), it.endpoints(), time), it.endpoints()))));
        changed.forEach(it -> out.add(new Write.Update(
                Resource.ENDPOINT_SLICES,
                weighed(shape.change(it.slice(), it.group(), it.endpoints(), time), it.endpoints()))));
        removed.stream()
                .filter(slice -> !Meta.isBeingDeleted(slice))
                .forEach(slice -> out.add(Write.Delete.of(Resource.ENDPOINT_SLICES, slice)));
        return out;
    }

    private ObjectNode weighed(ObjectNode slice, List<ObjectNode> endpoints) {
        String weights = PodWeights.text(endpoints, wanted.weights());
        if (shape.isOfPods() && !weights.equals(Meta.annotation(slice, PodWeights.OF_SLICE))) {
            ObjectNode annotations = Tree.makeObject(slice, "metadata", "annotations");
            if (weights.isEmpty()) {
                annotations.remove(PodWeights.OF_SLICE);
            } else {
                annotations.put(PodWeights.OF_SLICE, weights);
            }
        }
        return slice;
    }

    /// When what the writes tell of began.
    private Optional<Instant> triggerTime() {
        return shape.isOfPods()
                ? TriggerTime.of(
                        wanted, existing.isEmpty() ? Optional.of(shape.owner()) : Optional.empty(), readiness())
                : Optional.empty();
    }

    private Map<String, Boolean> readiness() {
        Map<String, Boolean> out = new HashMap<>();
        existing.values().stream()
                .flatMap(slice -> Tree.objects(slice, "endpoints").stream())
                .forEach(endpoint ->
                        out.put(WantedEndpoints.identityOf(endpoint), Tree.flag(endpoint, "conditions", "serving")));
        return out;
    }

    private List<ObjectNode> slicesOf(IpFamily family) {
        return existing.values().stream()
                .filter(slice -> familyOf(slice) == family)
                .toList();
    }

    private static IpFamily familyOf(JsonNode slice) {
        return Tree.text(slice, "addressType").equals(IpFamily.IPV6.apiName()) ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    private ObjectNode slice(String name) {
        ObjectNode found = existing.get(name);
        if (found == null) {
            throw new IllegalStateException("packing named a slice that does not exist: " + name);
        }
        return found;
    }
}
