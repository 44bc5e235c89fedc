package dev.fairway.node.machine;

import dev.fairway.kernel.Errno;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.ProcessIdentity;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.Signal;
import dev.fairway.kernel.Signals;
import dev.fairway.kernel.Sysctl;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes and removes the network of a cluster on one machine. Everything it makes is in namespaces named
/// `CLUSTER-...`, but for one link on the machine itself, named `CLUSTER0`, when the machine has access.
public final class MachineNetwork {

    private static final int ROUNDS = 4;
    private static final long END_TIMEOUT_MILLIS = 5_000;
    private static final long END_CHECK_MILLIS = 10;

    private MachineNetwork() {}

    /// Makes what is missing, removes what an earlier plan left, and keeps the rest with the connections over it. The
    /// same plan a second time changes nothing.
    ///
    /// @throws IllegalStateException when this machine itself uses addresses of the plan; says which
    /// @throws KernelException when the kernel refuses a piece
    public static Machine apply(MachinePlan plan) {
        List<Piece> wanted = pieces(plan);
        removeFormerParts(plan, wanted);
        requireNoConflict(plan, read(wanted));
        // a cable that is laid anew takes with it what stood on the old one, so one look may not be enough
        for (int round = 0; round < ROUNDS; round++) {
            Observation found = read(wanted);
            List<Piece> surplus = found.surplus(wanted);
            List<Piece> missing = found.missing(wanted);
            if (surplus.isEmpty() && missing.isEmpty()) {
                return machine(plan);
            }
            try (Tools tools = new Tools()) {
                surplus.forEach(tools::remove);
                missing.forEach(tools::add);
            }
        }
        throw new IllegalStateException("somebody else changes the network of cluster " + plan.cluster()
                + " at the same time; still missing: " + missing(plan));
    }

    /// What of the plan is missing at the moment; empty when the network is whole.
    public static List<Piece> missing(MachinePlan plan) {
        List<Piece> wanted = pieces(plan);
        return read(wanted).missing(wanted);
    }

    /// On a machine without IPv6 the machine itself gets its IPv4 address only.
    private static List<Piece> pieces(MachinePlan plan) {
        boolean ipv6 = Sysctl.read(NetworkNamespace.host(), "net.ipv6.conf.default.disable_ipv6")
                .filter(disabled -> disabled.equals("0"))
                .isPresent();
        return MachinePieces.plan(ipv6 ? plan : plan.withRealHostOverIpv4Only());
    }

    /// Takes everything down that has the cluster's name, whoever made it: the link on this machine, the processes in
    /// the cluster's namespaces, and the namespaces with all that is in them. May be absent.
    public static void remove(String cluster) {
        try (Rtnetlink host = Rtnetlink.open(NetworkNamespace.host())) {
            String link = MachinePieces.realHostLink(cluster);
            if (host.link(link).filter(found -> found.kind().equals("veth")).isPresent()) {
                host.deleteLink(link);
            }
        }
        namespaces(cluster).forEach(MachineNetwork::removeNamespace);
        NetworkNamespace.removeEmptyFolder();
    }

    private static Stream<String> namespaces(String cluster) {
        return NetworkNamespace.list().stream().filter(name -> name.startsWith(cluster + "-"));
    }

    /// Namespaces of nodes that the plan does not have any more, and the machine's link when it loses its access. Pods
    /// are the node agents' to remove.
    private static void removeFormerParts(MachinePlan plan, List<Piece> wanted) {
        Set<String> names = wanted.stream().map(Piece::namespace).collect(Collectors.toSet());
        namespaces(plan.cluster())
                .filter(namespace -> !names.contains(namespace))
                .filter(namespace -> !namespace.startsWith(plan.cluster() + "-pod-"))
                .forEach(MachineNetwork::removeNamespace);
        if (plan.realHost().isEmpty()) {
            try (Rtnetlink host = Rtnetlink.open(NetworkNamespace.host())) {
                host.link(MachinePieces.realHostLink(plan.cluster()))
                        .filter(link -> link.kind().equals("veth"))
                        .ifPresent(link -> host.deleteLink(link.name()));
            }
        }
    }

    private static void removeNamespace(String name) {
        NetworkNamespace.find(name).ifPresent(namespace -> {
            List<ProcessIdentity> processes = namespace.processes();
            processes.forEach(process -> Signals.kill(process.pid(), Signal.KILL));
            awaitEnd(processes, namespace);
        });
        NetworkNamespace.remove(name);
    }

    private static void awaitEnd(List<ProcessIdentity> processes, NetworkNamespace namespace) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_TIMEOUT_MILLIS);
        while (processes.stream().anyMatch(ProcessIdentity::isAlive)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("processes in namespace " + namespace.name()
                        + " do not end although they were killed: " + processes);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(END_CHECK_MILLIS));
        }
    }

    private static void requireNoConflict(MachinePlan plan, Observation found) {
        Observation.Contents host = found.namespaces().get(MachinePieces.HOST);
        if (host != null && !plan.realHost().isEmpty()) {
            HostConflicts.find(plan, host, MachinePieces.realHostLink(plan.cluster()))
                    .ifPresent(conflict -> {
                        throw new IllegalStateException(conflict);
                    });
        }
    }

    private static Observation read(List<Piece> wanted) {
        Map<String, Observation.Contents> contents = new HashMap<>();
        Map<String, List<Piece>> byNamespace = wanted.stream()
                .flatMap(piece -> piece instanceof Piece.Cable cable
                        ? Stream.of(piece, new Piece.Up(cable.peerNamespace(), cable.peerLink()))
                        : Stream.of(piece))
                .collect(Collectors.groupingBy(Piece::namespace));
        byNamespace.forEach((name, pieces) ->
                find(name).ifPresent(namespace -> contents.put(name, read(namespace, pieces))));
        return new Observation(contents);
    }

    private static Observation.Contents read(NetworkNamespace namespace, List<Piece> pieces) {
        Map<String, String> parameters = new HashMap<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Parameter parameter) {
                // one that the kernel does not have counts as set: there is nothing to set
                String value = Sysctl.read(namespace, parameter.name()).orElse(parameter.value());
                parameters.put(parameter.name(), value);
            }
        }
        try (Rtnetlink netlink = Rtnetlink.open(namespace)) {
            return new Observation.Contents(netlink.links(), netlink.addresses(), netlink.routes(), parameters);
        }
    }

    private static Optional<NetworkNamespace> find(String name) {
        return name.equals(MachinePieces.HOST) ? Optional.of(NetworkNamespace.host()) : NetworkNamespace.find(name);
    }

    private static Machine machine(MachinePlan plan) {
        SequencedMap<String, NetworkNamespace> nodes = new LinkedHashMap<>();
        for (MachineNode node : plan.nodes()) {
            nodes.put(node.name(), byRole(plan, node.name()));
        }
        return new Machine(byRole(plan, "fabric"), byRole(plan, "outside"), byRole(plan, "edge"), nodes);
    }

    private static NetworkNamespace byRole(MachinePlan plan, String role) {
        return require(MachinePieces.namespace(plan, role));
    }

    private static NetworkNamespace require(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalStateException(
                        "network namespace " + name + " was removed by somebody else; start again"));
    }

    /// One open socket per namespace, for one run of changes.
    private static final class Tools implements AutoCloseable {

        private final Map<String, Rtnetlink> sockets = new HashMap<>();

        void add(Piece piece) {
            switch (piece) {
                case Piece.Namespace namespace -> NetworkNamespace.create(namespace.namespace());
                case Piece.Parameter parameter -> write(parameter);
                case Piece.Bridge bridge -> in(bridge).addBridge(bridge.link());
                case Piece.Cable cable -> lay(cable);
                case Piece.Port port -> in(port).setMaster(port.link(), port.bridge());
                case Piece.Address wanted -> {
                    var address = wanted.address();
                    in(wanted).addAddress(address.link(), address.address(), address.prefix());
                }
                case Piece.Up up -> in(up).setUp(up.link());
                case Piece.Path path -> in(path).replaceRoute(path.route());
            }
        }

        /// Only addresses and routes can be surplus.
        void remove(Piece piece) {
            switch (piece) {
                case Piece.Address surplus -> {
                    var address = surplus.address();
                    in(surplus).removeAddress(address.link(), address.address(), address.prefix());
                }
                case Piece.Path path -> in(path).removeRoute(path.route());
                case Piece.Namespace _, Piece.Parameter _, Piece.Bridge _, Piece.Cable _, Piece.Port _, Piece.Up _ ->
                    throw new IllegalStateException("never surplus: " + piece);
            }
        }

        /// A cable with one end has lost its other end's namespace and disappears by itself, sooner or later.
        private void lay(Piece.Cable cable) {
            Rtnetlink near = in(cable);
            if (near.link(cable.link()).isPresent()) {
                near.deleteLink(cable.link());
            }
            near.addVeth(cable.link(), cable.peerLink(), require(cable.peerNamespace()));
        }

        private static void write(Piece.Parameter parameter) {
            try {
                Sysctl.write(require(parameter.namespace()), parameter.name(), parameter.value());
            } catch (KernelException e) {
                if (!e.is(Errno.ENOENT)) { // this kernel was built without it
                    throw e;
                }
            }
        }

        private Rtnetlink in(Piece piece) {
            return sockets.computeIfAbsent(piece.namespace(), name -> Rtnetlink.open(require(name)));
        }

        @Override
        public void close() {
            sockets.values().forEach(Rtnetlink::close);
        }
    }
}
