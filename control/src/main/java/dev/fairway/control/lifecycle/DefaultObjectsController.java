package dev.fairway.control.lifecycle;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                new Trigger(Resource.ENDPOINT_SLICES, DefaultObjectsController::serviceNamed));
    }

    @Override
    public List<WorkKey> fixedKeys() {
        Stream<WorkKey> namespaces =
                DefaultObjects.NAMESPACES.stream().map(name -> new WorkKey(Resource.NAMESPACES, "", name));
        return Stream.concat(namespaces, Stream.of(KUBERNETES, DNS)).toList();
    }

    @Override
    public Decision decide(Snapshot snapshot, WorkKey key, Instant now) {
        List<Write> writes = key.resource().equals(Resource.NAMESPACES)
                ? namespace(snapshot, key)
                : key.equals(KUBERNETES) ? kubernetes(snapshot) : dns(snapshot);
        return Decision.of("default objects are missing or differ", writes);
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
            out.addAll(
                    keep(snapshot, Resource.CONFIG_MAPS, DefaultObjects.rootCa(key.name(), settings.caText()), "data"));
        }
        return out;
    }

    private List<Write> kubernetes(Snapshot snapshot) {
        Settings.KubernetesService wanted = settings.kubernetesService();
        List<Write> out = new ArrayList<>();
        if (snapshot.get(KUBERNETES).isEmpty()) {
            out.add(Write.Create.of(Resource.SERVICES, DefaultObjects.kubernetesService(wanted)));
        }
        out.addAll(keep(snapshot, Resource.ENDPOINTS, DefaultObjects.kubernetesEndpoints(wanted), "subsets"));
        out.addAll(
                keep(snapshot, Resource.ENDPOINT_SLICES, DefaultObjects.kubernetesSlice(wanted), "endpoints", "ports"));
        return out;
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

    private static List<WorkKey> serviceNamed(
            Snapshot snapshot, ObjectKey key, Optional<ObjectNode> before, Optional<ObjectNode> now) {
        return Stream.of(KUBERNETES, DNS)
                .filter(service -> service.object().equals(key))
                .toList();
    }
}
