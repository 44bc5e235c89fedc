package dev.fairway.resolve;

import dev.fairway.address.IpAddress;
import dev.fairway.resolve.EndpointChoice.Candidate;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.LocalBackends;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.SessionAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// One Service and its slices on their way to one entry. Made for a single `outcome`; collects problems meanwhile.
final class Translation {

    static final String BALANCING_ANNOTATION = "fairway.dev/balancing";
    static final String AFFINITY_ANNOTATION = "fairway.dev/affinity-scope";
    static final String DRAIN_ANNOTATION = "fairway.dev/drain-seconds";

    private static final String PROXY_NAME_LABEL = "service.kubernetes.io/service-proxy-name";
    private static final int DEFAULT_AFFINITY_SECONDS = 10800;

    /// @param problems sentences, in the order found
    record Outcome(ServiceEntry entry, List<String> problems) {}

    private final ObjectNode service;
    private final ServicePorts servicePorts;
    private final NodeView node;
    private final List<String> problems = new ArrayList<>();
    private final Slices slices;
    private final OptionalInt drainSeconds;

    Translation(ObjectNode service, List<Slice> slices, NodeView node) {
        this.service = service;
        this.servicePorts = new ServicePorts(service);
        this.node = node;
        this.slices = new Slices(slices, problems);
        this.drainSeconds = drainSeconds();
    }

    /// @param mapped the addresses that stand for an external name whose ports are translated, else empty
    /// @param external what that name resolves to, as far as known
    Outcome outcome(List<IpAddress> mapped, List<IpAddress> external) {
        ServiceEntry entry;
        if (Tree.text(service, "spec", "type").equals("ExternalName")) {
            entry = externalName(mapped, external);
        } else if (servicePorts.isHeadless()) {
            boolean publishNotReady = Tree.flag(service, "spec", "publishNotReadyAddresses");
            entry = entry(new NameEntry.Headless(slices.headless(publishNotReady)), headlessPorts(), false);
        } else {
            entry = entry(new NameEntry.Addresses(servicePorts.clusterIps()), clusterPorts(), isOurs());
        }
        return new Outcome(entry, problems.stream().distinct().toList());
    }

    private ServiceEntry externalName(List<IpAddress> mapped, List<IpAddress> external) {
        ExternalName name = new ExternalName(service);
        name.problem().ifPresent(problems::add);
        if (mapped.isEmpty() && name.wantsMapping()) {
            problems.add("no mapped address is free, so the ports are not translated; enlarge externalNames");
        }
        if (mapped.isEmpty()) {
            return entry(alias(name.target()), List.of(), false);
        }
        List<IpAddress> targets =
                IpAddress.tryParse(name.target()).map(List::of).orElse(external);
        // A family without an address outside would only refuse connections, so the name does not offer it.
        List<IpAddress> offered = mapped.stream()
                .filter(address ->
                        targets.isEmpty() || targets.stream().anyMatch(target -> target.family() == address.family()))
                .toList();
        List<PortEntry> ports = ports(port -> mappedPort(port, offered, targets));
        return entry(new NameEntry.Addresses(offered), ports, isOurs());
    }

    /// An address in the place of a name: DNS has no alias for it, so the name gets the address itself.
    private NameEntry alias(String target) {
        Optional<IpAddress> literal = IpAddress.tryParse(target);
        if (literal.isEmpty()) {
            return new NameEntry.Alias(target);
        }
        problems.add("externalName " + target + " is an address, not a name; other clusters do not resolve it, "
                + "so prefer a Service without selector and an EndpointSlice");
        return new NameEntry.Addresses(List.of(literal.get()));
    }

    private PortEntry mappedPort(ObjectNode port, List<IpAddress> offered, List<IpAddress> targets) {
        if (Tree.at(port, "targetPort").isString()) {
            problems.add("targetPort " + Tree.text(port, "targetPort") + " of an external name cannot be looked up; "
                    + "give a number");
        }
        int number = number(port);
        int targetPort = ExternalName.targetPort(port);
        List<Frontend> frontends = offered.stream()
                .map(address -> (Frontend) new Frontend.Mapped(address, number))
                .toList();
        List<Backend> backends = targets.stream()
                .map(address -> new Backend(address, targetPort, false))
                .distinct()
                .sorted()
                .toList();
        return new PortEntry(Tree.text(port, "name"), protocol(port), number, frontends, backends);
    }

    private List<PortEntry> headlessPorts() {
        return ports(
                port -> new PortEntry(Tree.text(port, "name"), protocol(port), number(port), List.of(), List.of()));
    }

    private List<PortEntry> clusterPorts() {
        return ports(this::clusterPort);
    }

    /// Each family is decided on its own: an IPv6 endpoint that is not ready changes nothing for IPv4.
    private PortEntry clusterPort(ObjectNode port) {
        String name = Tree.text(port, "name");
        List<List<Candidate>> families = servicePorts.families().stream()
                .map(family -> slices.candidates(name, protocol(port), family))
                .toList();
        List<Candidate> local = each(families, family -> EndpointChoice.local(family, node));
        List<Backend> chosen = backends(each(families, family -> EndpointChoice.choose(family, node)));
        List<Candidate> all = each(families, family -> family);
        List<Backend> serving = backends(filter(all, Candidate::serving));
        return new PortEntry(
                name,
                protocol(port),
                number(port),
                servicePorts.frontends(port),
                chosen,
                new LocalBackends(backends(local), backends(filter(local, Candidate::ready))),
                serving.equals(chosen) ? chosen : serving,
                backends(filter(all, Candidate::terminating)),
                drainSeconds.isPresent() ? backends(filter(all, Candidate::waits)) : List.of());
    }

    private static List<Candidate> each(List<List<Candidate>> families, UnaryOperator<List<Candidate>> choice) {
        return families.stream()
                .flatMap(family -> choice.apply(family).stream())
                .toList();
    }

    private static List<Candidate> filter(List<Candidate> candidates, Predicate<Candidate> wanted) {
        return candidates.stream().filter(wanted).toList();
    }

    private List<Backend> backends(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.toBackend(node))
                .sorted()
                .toList();
    }

    private ServiceEntry entry(NameEntry name, List<PortEntry> ports, boolean forwarded) {
        ServiceName serviceName = new ServiceName(Meta.namespace(service), Meta.name(service));
        return new ServiceEntry(
                serviceName, name, ports, balancing(), servicePorts.traffic(), affinity(), drainSeconds, forwarded);
    }

    private boolean isOurs() {
        return !Tree.has(service, "metadata", "labels", PROXY_NAME_LABEL);
    }

    private Balancing balancing() {
        String asked = Meta.annotation(service, BALANCING_ANNOTATION);
        return switch (asked) {
            case "", "random" -> Balancing.RANDOM;
            case "round-robin" -> Balancing.ROUND_ROBIN;
            default -> {
                problems.add("annotation " + BALANCING_ANNOTATION + ": \"" + asked
                        + "\" is not known, so endpoints are picked at random; use random or round-robin");
                yield Balancing.RANDOM;
            }
        };
    }

    private OptionalInt drainSeconds() {
        String asked = Meta.annotation(service, DRAIN_ANNOTATION);
        if (asked.isEmpty()) {
            return OptionalInt.empty();
        }
        if (asked.matches("[0-9]{1,7}")) {
            return OptionalInt.of(Integer.parseInt(asked));
        }
        problems.add("annotation " + DRAIN_ANNOTATION + ": \"" + asked
                + "\" is no number of seconds, so connections to pods that end stay as long as they like");
        return OptionalInt.empty();
    }

    private SessionAffinity affinity() {
        return new SessionAffinity(affinitySeconds(), isAffinityAcrossPorts());
    }

    private boolean isAffinityAcrossPorts() {
        String asked = Meta.annotation(service, AFFINITY_ANNOTATION);
        return switch (asked) {
            case "", "port" -> false;
            case "service" -> true;
            default -> {
                problems.add("annotation " + AFFINITY_ANNOTATION + ": \"" + asked
                        + "\" is not known, so each port keeps clients for itself; use port or service");
                yield false;
            }
        };
    }

    private int affinitySeconds() {
        return Tree.text(service, "spec", "sessionAffinity").equals("ClientIP")
                ? (int) Tree.number(
                        service,
                        DEFAULT_AFFINITY_SECONDS,
                        "spec",
                        "sessionAffinityConfig",
                        "clientIP",
                        "timeoutSeconds")
                : 0;
    }

    private List<PortEntry> ports(Function<ObjectNode, PortEntry> toEntry) {
        List<ObjectNode> known = new ArrayList<>();
        for (ObjectNode port : servicePorts.ports()) {
            if (ServicePorts.protocol(Tree.text(port, "protocol")).isPresent()) {
                known.add(port);
            } else {
                problems.add("port " + number(port) + " has protocol \"" + Tree.text(port, "protocol")
                        + "\", which is not served; use TCP, UDP or SCTP");
            }
        }
        return known.stream().map(toEntry).toList();
    }

    private static Protocol protocol(ObjectNode port) {
        return ServicePorts.protocol(Tree.text(port, "protocol")).orElse(Protocol.TCP);
    }

    private static int number(ObjectNode port) {
        return (int) Tree.number(port, 0, "port");
    }
}
