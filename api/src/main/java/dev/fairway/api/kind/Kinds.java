package dev.fairway.api.kind;

import dev.fairway.api.kind.Kind.SelectableField;
import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.schema.Resource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All served kinds. Adding a kind is adding an entry here, or in one of the lists that this one joins.
public final class Kinds {

    private final List<Kind> all;

    public Kinds(List<Kind> all) {
        this.all = List.copyOf(all);
    }

    /// What Fairway serves, with the usual service ranges.
    public static Kinds standard() {
        return standard(ServiceRanges.USUAL);
    }

    /// What Fairway serves.
    public static Kinds standard(ServiceRanges ranges) {
        return new Kinds(Stream.of(
                        coreKinds(ranges),
                        EventKinds.all(),
                        WorkloadKinds.all(),
                        NetworkingKinds.all(),
                        AccessKinds.all())
                .flatMap(List::stream)
                .toList());
    }

    private static List<Kind> coreKinds(ServiceRanges ranges) {
        return List.of(
                namespaces(),
                nodes(),
                pods(),
                services(ranges),
                endpoints(),
                Kind.of(Resource.CONFIG_MAPS)
                        .withShortNames("cm")
                        .withRules(new EntriesRules(false))
                        .withPrinter(Printers.CONFIG_MAP),
                Kind.of(Resource.SECRETS).withRules(new EntriesRules(true)).withPrinter(Printers.SECRET),
                Kind.of(Resource.SERVICE_ACCOUNTS)
                        .withShortNames("sa")
                        .withSubresources(Subresource.TOKEN)
                        .withTraits(Trait.DELETE_RETURNS_OBJECT)
                        .withPrinter(Printers.SERVICE_ACCOUNT),
                Kind.of(Resource.ENDPOINT_SLICES)
                        .withTraits(Trait.GENERATION)
                        .withRules(new EndpointSliceRules())
                        .withPrinter(EndpointPrinters.SLICE),
                Kind.of(Resource.LEASES)
                        .withTraits(Trait.CREATE_ON_UPDATE, Trait.CONDITIONAL_UPDATE)
                        .withRules(new LeaseRules())
                        .withPrinter(Printers.LEASE));
    }

    private static Kind namespaces() {
        return Kind.of(Resource.NAMESPACES)
                .withShortNames("ns")
                .withSubresources(Subresource.STATUS, Subresource.FINALIZE)
                .withFields(SelectableField.of("status.phase"))
                .withDeletion(Deletion.NAMESPACE)
                .withTraits(Trait.NO_DELETE_COLLECTION)
                .withRules(new NamespaceRules())
                .withPrinter(Printers.NAMESPACE);
    }

    private static Kind nodes() {
        return Kind.of(Resource.NODES)
                .withRules(new NodeRules())
                .withPrinter(Printers.NODE)
                .withShortNames("no")
                .withSubresources(Subresource.STATUS, Subresource.PROXY)
                .withFields(SelectableField.of("spec.unschedulable", "false"));
    }

    private static Kind pods() {
        return Kind.of(Resource.PODS)
                .withShortNames("po")
                .inAll()
                .withSubresources(
                        Subresource.STATUS,
                        Subresource.BINDING,
                        Subresource.EVICTION,
                        Subresource.LOG,
                        Subresource.EXEC,
                        Subresource.ATTACH,
                        Subresource.PORT_FORWARD,
                        Subresource.PROXY)
                .withTraits(Trait.DELETE_RETURNS_OBJECT, Trait.GENERATION)
                .withFields(
                        SelectableField.of("spec.nodeName"),
                        SelectableField.of("spec.restartPolicy"),
                        SelectableField.of("spec.schedulerName"),
                        SelectableField.of("spec.serviceAccountName"),
                        SelectableField.of("spec.hostNetwork", "false"),
                        SelectableField.of("status.phase"),
                        SelectableField.of("status.podIP"),
                        SelectableField.of("status.nominatedNodeName"))
                .withDeletion(Deletion.POD)
                .withRules(new PodRules())
                .withPrinter(new PodPrinter());
    }

    private static Kind services(ServiceRanges ranges) {
        return Kind.of(Resource.SERVICES)
                .withShortNames("svc")
                .inAll()
                .withSubresources(Subresource.STATUS, Subresource.PROXY)
                .withTraits(Trait.CREATE_ON_UPDATE, Trait.DELETE_RETURNS_OBJECT, Trait.GENERATION)
                .withFields(SelectableField.of("spec.clusterIP"), SelectableField.of("spec.type"))
                .withRules(new ServiceRules(ranges))
                .withPrinter(new ServicePrinter());
    }

    private static Kind endpoints() {
        return Kind.of(Resource.ENDPOINTS)
                .withShortNames("ep")
                .withTraits(Trait.CREATE_ON_UPDATE)
                .withRules(new EndpointsRules())
                .withPrinter(EndpointPrinters.ENDPOINTS);
    }

    public List<Kind> all() {
        return all;
    }

    public Optional<Kind> find(String group, String version, String plural) {
        return all.stream()
                .filter(kind -> kind.resource().plural().equals(plural)
                        && kind.resource().group().equals(group)
                        && kind.resource().version().equals(version))
                .findFirst();
    }

    /// @throws IllegalArgumentException when the kind is not served
    public Kind get(Resource resource) {
        return find(resource.group(), resource.version(), resource.plural())
                .orElseThrow(() -> new IllegalArgumentException(resource.qualifiedName() + " is not served"));
    }
}
