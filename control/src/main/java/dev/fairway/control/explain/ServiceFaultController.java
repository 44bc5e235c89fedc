package dev.fairway.control.explain;

import dev.fairway.control.Indexes;
import dev.fairway.control.explain.ServiceFaults.Fault;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Pods;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Tells at a Service, by an Event and a condition, why it does not work. It looks at Services that changed, or whose
/// pods did, and speaks only when things have settled: a Deployment may just be starting. Who never had a fault
/// costs no write.
public final class ServiceFaultController implements Controller {

    /// What changes soon after each other is looked at once.
    private static final Duration SETTLE = Duration.ofSeconds(5);
    /// How long nothing may have changed before a Service without pods, or with pods that are not ready, is a fault.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final Duration GRACE_OF_PODS = Duration.ofSeconds(30);
    /// A fault that stays is told again this often.
    private static final Duration AGAIN = Duration.ofMinutes(5);

    private final ServiceFaults faults;

    public ServiceFaultController(ServiceFaults faults) {
        this.faults = faults;
    }

    @Override
    public String name() {
        return "fairway-explain";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                new Trigger(Resource.SERVICES, ServiceFaultController::ofService, SETTLE),
                new Trigger(Resource.PODS, ServiceFaultController::ofPod, SETTLE),
                new Trigger(Resource.ENDPOINT_SLICES, ServiceFaultController::ofSlice, SETTLE),
                Trigger.readOnly(Resource.EVENTS));
    }

    @Override
    public int workers() {
        return 1;
    }

    /// All that a fault follows from is told by changes, and what waits for a time is looked at then.
    @Override
    public boolean isResynced() {
        return false;
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        return snapshot.get(key)
                .filter(service -> !Meta.isBeingDeleted(service))
                .map(service -> decide(snapshot, service, now))
                .orElse(Decision.NOTHING);
    }

    private Decision decide(Snapshot snapshot, ObjectNode service, Instant now) {
        List<ObjectNode> pods = pods(snapshot, service);
        Collection<ObjectNode> slices = Indexes.slicesOf(snapshot, Meta.namespace(service), Meta.name(service));
        Optional<Fault> fault = faults.find(service, pods, slices, aliases(snapshot, service));
        Instant settled = settled(service, pods, slices).plus(pods.isEmpty() ? GRACE : GRACE_OF_PODS);
        if (fault.isPresent() && settled.isAfter(now)) {
            return Decision.NOTHING.againAfter(Duration.between(now, settled));
        }
        List<Write> condition =
                HealthCondition.write(service, fault, now).stream().toList();
        return fault.map(it -> new Write.Announce(Resource.SERVICES, service, true, it.reason(), it.message()))
                .map(event -> tell(event, condition, due(snapshot, event, settled), now))
                .orElseGet(() -> Decision.of("no fault any more", condition));
    }

    private static Decision tell(Write.Announce event, List<Write> condition, Instant due, Instant now) {
        return due.isAfter(now)
                ? Decision.of(event.message(), condition).againAfter(Duration.between(now, due))
                : Decision.of(
                                event.message(),
                                Stream.concat(Stream.of(event), condition.stream())
                                        .toList())
                        .againAfter(AGAIN);
    }

    /// When it is to be told, or told again.
    private Instant due(Snapshot snapshot, Write.Announce event, Instant settled) {
        return snapshot.get(Resource.EVENTS, Meta.namespace(event.about()), event.eventName(name()))
                .flatMap(told -> Times.find(told, "lastTimestamp"))
                .map(told -> told.plus(AGAIN))
                .filter(settled::isBefore)
                .orElse(settled);
    }

    private static List<ObjectNode> pods(Snapshot snapshot, ObjectNode service) {
        Map<String, String> selector = Tree.textMap(service, "spec", "selector");
        return selector.isEmpty() ? List.of() : Indexes.podsWith(snapshot, Meta.namespace(service), selector);
    }

    /// The newest change that the objects tell of.
    private static Instant settled(ObjectNode service, Collection<ObjectNode> pods, Collection<ObjectNode> slices) {
        Stream<Instant> ofPods = pods.stream()
                .flatMap(pod -> Stream.concat(
                        Stream.of(Times.created(pod)),
                        Stream.concat(
                                Pods.readyChanged(pod).stream(),
                                Times.find(pod, "metadata", "deletionTimestamp").stream())));
        Stream<Instant> ofOthers =
                Stream.concat(Stream.of(service), slices.stream()).map(Times::created);
        return Stream.concat(ofPods, ofOthers).max(Instant::compareTo).orElse(Instant.EPOCH);
    }

    /// The way that external names lead within the cluster, without its begin.
    private static Collection<ObjectNode> aliases(Snapshot snapshot, ObjectNode service) {
        Map<ObjectKey, ObjectNode> way = new LinkedHashMap<>();
        Optional<ObjectNode> next = next(snapshot, service);
        while (next.isPresent()
                && !Meta.key(next.get()).equals(Meta.key(service))
                && way.putIfAbsent(Meta.key(next.get()), next.get()) == null) {
            next = next(snapshot, next.get());
        }
        return way.values();
    }

    private static Optional<ObjectNode> next(Snapshot snapshot, ObjectNode service) {
        String[] labels = Tree.text(service, "spec", "externalName").split("\\.");
        return labels.length > 2 && labels[2].equals("svc")
                ? snapshot.get(Resource.SERVICES, labels[1], labels[0])
                : Optional.empty();
    }

    /// Of its own conditions a Service is not judged anew.
    private static Collection<WorkKey> ofService(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean isNew = before.equals(now) || !before.map(ServicePart::of).equals(now.map(ServicePart::of));
        return isNew ? List.of(WorkKey.of(Resource.SERVICES, key)) : List.of();
    }

    private record ServicePart(
            JsonNode spec, JsonNode loadBalancer, Map<String, String> labels, Map<String, String> annotations) {
        static ServicePart of(ObjectNode service) {
            return new ServicePart(
                    Tree.at(service, "spec"),
                    Tree.at(service, "status", "loadBalancer"),
                    Meta.labels(service),
                    Meta.annotations(service));
        }
    }

    /// The Services that chose the pod or choose it now, when it comes, goes, or is ready or not.
    private static Collection<WorkKey> ofPod(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        Set<WorkKey> out = new LinkedHashSet<>();
        if (!before.map(PodPart::of).equals(now.map(PodPart::of))) {
            Stream.concat(before.stream(), now.stream())
                    .flatMap(pod -> Indexes.servicesSelecting(snapshot, pod).stream())
                    .forEach(service -> out.add(WorkKey.of(Resource.SERVICES, service)));
        }
        return out;
    }

    private record PodPart(Map<String, String> labels, boolean ready, boolean ended, boolean ending) {
        static PodPart of(ObjectNode pod) {
            return new PodPart(Meta.labels(pod), Pods.isReady(pod), Pods.isTerminal(pod), Meta.isBeingDeleted(pod));
        }
    }

    /// Slices matter to Services without a selector only: those of the others follow from their pods.
    private static Collection<WorkKey> ofSlice(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        if (before.equals(now)) {
            return List.of();
        }
        return Stream.concat(before.stream(), now.stream())
                .map(slice -> Meta.labels(slice).getOrDefault(Indexes.SERVICE_NAME, ""))
                .flatMap(name -> snapshot.get(Resource.SERVICES, key.namespace(), name).stream())
                .filter(service -> !Tree.has(service, "spec", "selector"))
                .map(service -> WorkKey.of(Resource.SERVICES, service))
                .distinct()
                .toList();
    }
}
