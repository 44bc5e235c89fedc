package dev.fairway.control.lifecycle;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.control.Settings;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Decision;
import dev.fairway.control.loop.Snapshot;
import dev.fairway.control.loop.WorkKey;
import dev.fairway.control.loop.Write;
import dev.fairway.control.object.Canonical;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Makes sure of the objects that every cluster and every namespace has. Namespaces and Services are created when they
/// are missing and left alone afterwards; the CA text and the API servers' endpoints are kept as the settings say.
public final class DefaultObjectsController implements Controller {

    private static final WorkKey KUBERNETES = WorkKey.of(Resource.SERVICES, DefaultObjects.KUBERNETES);
    private static final WorkKey DNS = WorkKey.of(Resource.SERVICES, DefaultObjects.DNS);

    private final Settings settings;

    public DefaultObjectsController(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "default-objects-controller";
    }

    @Override
    public List<Trigger> triggers() {
        return List.of(
                Trigger.self(Resource.NAMESPACES),
                new Trigger(Resource.SERVICE_ACCOUNTS, DefaultObjectsController::namespaceOf),
                new Trigger(Resource.CONFIG_MAPS, DefaultObjectsController::namespaceOf),
                new Trigger(Resource.SERVICES, DefaultObjectsController::serviceNamed),
                new Trigger(Resource.ENDPOINTS, DefaultObjectsController::serviceNamed),
                new Trigger(Resource.ENDPOINT_SLICES, DefaultObjectsController::serviceNamed),
                new Trigger(Resource.LEASES, DefaultObjectsController::apiServer));
    }

    @Override
    public List<WorkKey> fixedKeys() {
        Stream<WorkKey> namespaces =
                DefaultObjects.NAMESPACES.stream().map(name -> new WorkKey(Resource.NAMESPACES, "", name));
        return Stream.concat(namespaces, Stream.of(KUBERNETES, DNS)).toList();
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        if (key.equals(KUBERNETES)) {
            return kubernetes(snapshot, now);
        }
        boolean isNamespace = key.resource().equals(Resource.NAMESPACES);
        return Decision.of(
                "default objects are missing or differ", isNamespace ? namespace(snapshot, key) : dns(snapshot));
    }

    private List<Write> namespace(Snapshot snapshot, WorkKey key) {
        Optional<ObjectNode> namespace = snapshot.get(key);
        if (namespace.isEmpty()) {
            return DefaultObjects.NAMESPACES.contains(key.name())
                    ? List.of(Write.Create.of(Resource.NAMESPACES, DefaultObjects.namespace(key.name())))
                    : List.of();
        }
        List<Write> out = new ArrayList<>();
        if (!Meta.isBeingDeleted(namespace.get())) {
            if (snapshot.get(Resource.SERVICE_ACCOUNTS, key.name(), "default").isEmpty()) {
                out.add(Write.Create.of(Resource.SERVICE_ACCOUNTS, DefaultObjects.serviceAccount(key.name())));
            }
            ObjectNode rootCa =
                    DefaultObjects.rootCa(key.name(), settings.caText().get());
            out.addAll(keep(snapshot, Resource.CONFIG_MAPS, rootCa, "data"));
        }
        return out;
    }

    private Decision kubernetes(Snapshot snapshot, Instant now) {
        Settings.KubernetesService wanted = settings.kubernetesService();
        List<ObjectNode> leases = ApiServerLeases.all(snapshot);
        SortedMap<Integer, List<String>> servers = servers(leases, now);
        List<Write> out = new ArrayList<>();
        if (snapshot.get(KUBERNETES).isEmpty()) {
            out.add(Write.Create.of(Resource.SERVICES, DefaultObjects.kubernetesService(wanted)));
        }
        out.addAll(keep(snapshot, Resource.ENDPOINTS, DefaultObjects.kubernetesEndpoints(servers), "subsets"));
        out.addAll(slices(snapshot, DefaultObjects.kubernetesSlices(family().apiName(), servers)));
        leases.stream()
                .filter(lease -> ApiServerLeases.isForgotten(lease, now))
                .forEach(lease -> out.add(Write.Delete.of(Resource.LEASES, lease)));
        Decision decision = Decision.of("default objects are missing or differ", out);
        return leases.stream()
                .map(ApiServerLeases::end)
                .filter(now::isBefore)
                .min(Instant::compareTo)
                .map(end -> decision.againAfter(Duration.between(now, end).plusMillis(1)))
                .orElse(decision);
    }

    private IpFamily family() {
        return IpAddress.parse(settings.kubernetesService().address()).family();
    }

    /// Addresses by port: those from the settings, and of every server that lives.
    private SortedMap<Integer, List<String>> servers(List<ObjectNode> leases, Instant now) {
        Settings.KubernetesService fixed = settings.kubernetesService();
        Stream<ApiServerLeases.Place> always =
                fixed.endpoints().stream().map(ip -> new ApiServerLeases.Place(ip, fixed.targetPort()));
        Stream<ApiServerLeases.Place> living = leases.stream()
                .filter(lease -> now.isBefore(ApiServerLeases.end(lease)))
                .flatMap(lease -> ApiServerLeases.place(lease).stream());
        return Stream.concat(always, living)
                .filter(place -> IpAddress.parse(place.address()).family() == family())
                .distinct()
                .sorted(Comparator.comparing(ApiServerLeases.Place::address))
                .collect(Collectors.groupingBy(
                        ApiServerLeases.Place::port,
                        TreeMap::new,
                        Collectors.mapping(ApiServerLeases.Place::address, Collectors.toList())));
    }

    private List<Write> slices(Snapshot snapshot, List<ObjectNode> wanted) {
        List<Write> out = new ArrayList<>();
        wanted.forEach(slice -> out.addAll(keep(snapshot, Resource.ENDPOINT_SLICES, slice, "endpoints", "ports")));
        Set<String> names = wanted.stream().map(Meta::name).collect(Collectors.toSet());
        snapshot.list(Resource.ENDPOINT_SLICES, DefaultObjects.KUBERNETES.namespace()).stream()
                .filter(slice -> isExtraSlice(Meta.name(slice)) && !names.contains(Meta.name(slice)))
                .forEach(slice -> out.add(Write.Delete.of(Resource.ENDPOINT_SLICES, slice)));
        return out;
    }

    private static boolean isExtraSlice(String name) {
        return name.matches(DefaultObjects.KUBERNETES.name() + "-[0-9]{1,5}");
    }

    private List<Write> dns(Snapshot snapshot) {
        return settings.dnsAddresses().isEmpty() || snapshot.get(DNS).isPresent()
                ? List.of()
                : List.of(Write.Create.of(Resource.SERVICES, DefaultObjects.dnsService(settings.dnsAddresses())));
    }

    /// Creates the object, or sets the named fields of the existing one where they differ.
    private static List<Write> keep(Snapshot snapshot, Resource resource, ObjectNode wanted, String... fields) {
        ObjectKey key = Meta.key(wanted);
        Optional<ObjectNode> existing = snapshot.get(resource, key.namespace(), key.name());
        if (existing.isEmpty()) {
            return List.of(Write.Create.of(resource, wanted));
        }
        ObjectNode changed = existing.get().deepCopy();
        for (String field : fields) {
            boolean bothEmpty =
                    Tree.at(changed, field).isEmpty() && Tree.at(wanted, field).isEmpty();
            if (!bothEmpty && !Canonical.equal(Tree.at(changed, field), Tree.at(wanted, field))) {
                changed.set(field, Tree.at(wanted, field).deepCopy());
            }
        }
        return changed.equals(existing.get()) ? List.of() : List.of(new Write.Update(resource, changed));
    }

    private static List<WorkKey> namespaceOf(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        boolean ours = key.name().equals("default") || key.name().equals(DefaultObjects.ROOT_CA);
        return ours ? List.of(new WorkKey(Resource.NAMESPACES, "", key.namespace())) : List.of();
    }

    private static List<WorkKey> apiServer(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return Stream.of(before, now).flatMap(Optional::stream).anyMatch(ApiServerLeases::isOne)
                ? List.of(KUBERNETES)
                : List.of();
    }

    private static List<WorkKey> serviceNamed(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return Stream.of(KUBERNETES, DNS)
                .filter(service -> service.object().equals(key))
                .toList();
    }
}
