package dev.fairway.app.doctor;

import dev.fairway.address.Cidr;
import dev.fairway.app.ClusterLock;
import dev.fairway.app.StateFolder;
import dev.fairway.app.config.ClusterConfig;
import dev.fairway.app.doctor.MachineFacts.PortOwner;
import dev.fairway.kernel.Capability;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.ListeningSocket;
import dev.fairway.kernel.ListeningSocket.Transport;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Route;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.nft.NftConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads a machine's facts. Nothing is changed, and what cannot be read is left empty.
public final class MachineReader {

    private static final Path PROC = Path.of("/proc");

    private MachineReader() {}

    /// @param running whether the cluster of the state folder runs: its port and its routes are its own
    public static MachineFacts read(ClusterConfig config, StateFolder state, boolean running) {
        NetworkNamespace host = NetworkNamespace.host();
        SortedMap<String, Cidr> none = new TreeMap<>();
        Optional<String> missing = Capability.missingForNamespaces();
        boolean looks = missing.isEmpty() && !running;
        // a cluster whose server was killed has its links all the same
        boolean asks = looks && ClusterLock.claims(state).isEmpty();
        return new MachineFacts(
                missing,
                missing.isPresent() ? Optional.empty() : nftablesProblem(host),
                lines(PROC.resolve("mounts")).stream().anyMatch(line -> line.contains(" cgroup2 ")),
                number(PROC.resolve("sys/fs/inotify/max_user_instances")),
                openFiles(),
                number(PROC.resolve("sys/net/netfilter/nf_conntrack_count")),
                number(PROC.resolve("sys/net/netfilter/nf_conntrack_max")),
                config.apiPort(),
                looks ? listener(host, config.apiPort()) : Optional.empty(),
                asks ? routes(host) : none,
                asks ? ranges(config) : none,
                legacyTables(),
                freeBytes(state.root()),
                Year.now(ZoneOffset.UTC).getValue());
    }

    private static Optional<String> nftablesProblem(NetworkNamespace host) {
        try (NftConnection nft = NftConnection.open(host)) {
            int _ = nft.generation();
            return Optional.empty();
        } catch (KernelException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static OptionalLong openFiles() {
        return lines(PROC.resolve("self/limits")).stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().split(" +")[0])
                .filter(soft -> soft.matches("[0-9]+"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static Optional<PortOwner> listener(NetworkNamespace host, int port) {
        return ListeningSocket.in(host).stream()
                .filter(socket -> socket.transport() == Transport.TCP && socket.port() == port)
                .findFirst()
                .map(socket -> new PortOwner(socket.process().orElse("a program"), socket.processId()));
    }

    private static SortedMap<String, Cidr> routes(NetworkNamespace host) {
        SortedMap<String, Cidr> out = new TreeMap<>();
        try (Rtnetlink link = Rtnetlink.open(host)) {
            link.routes().stream()
                    .filter(route -> !route.isDefault())
                    .map(Route::destination)
                    .forEach(block -> out.put(block.toString(), block));
        }
        return out;
    }

    /// Only with a link of its own does the machine meet the cluster's addresses.
    private static SortedMap<String, Cidr> ranges(ClusterConfig config) {
        SortedMap<String, Cidr> out = new TreeMap<>();
        if (config.hostAccess()) {
            config.outside().networks().forEach(block -> out.put("outside.networks " + block.family(), block));
            config.loadBalancerPools().forEach(block -> out.put("loadBalancerPools " + block.family(), block));
        }
        return out;
    }

    /// The old iptables lists the tables that somebody has touched since the machine started.
    private static List<String> legacyTables() {
        List<String> out = new ArrayList<>(lines(PROC.resolve("net/ip_tables_names")));
        lines(PROC.resolve("net/ip6_tables_names")).forEach(table -> out.add(table + " (IPv6)"));
        return out;
    }

    private static long freeBytes(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there.toFile().getUsableSpace();
    }

    private static OptionalLong number(Path file) {
        return lines(file).stream()
                .map(String::strip)
                .filter(text -> text.matches("[0-9]{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
