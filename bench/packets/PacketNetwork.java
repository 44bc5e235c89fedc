package dev.fairway.bench;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Sysctl;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A node between a client and the pods, each in a network namespace of its own. Every address of the pods' block is
/// there: an endpoint is a socket that is bound to one of them. The namespaces go when this is closed, and when the
/// program ends in any way that lets it act.
///
/// | place  | addresses                               |
/// |--------|-----------------------------------------|
/// | client | 10.64.0.2, a pod of this node           |
/// | node   | 10.64.0.1, 10.65.0.1                    |
/// | pods   | 10.65.0.2, and 10.128.0.0/9 altogether  |
final class PacketNetwork implements AutoCloseable {

    private static final Cidr CLIENTS = Cidr.parse("10.64.0.0/24");
    private static final Cidr PODS = Cidr.parse("10.128.0.0/9");
    private static final Cidr SERVICES = Cidr.parse("10.96.0.0/12");

    static final NodeAddresses NODE = new NodeAddresses(
            List.of(IpAddress.parse("10.65.0.1")),
            List.of(CLIENTS),
            List.of(CLIENTS, PODS),
            List.of(SERVICES),
            List.of(CLIENTS, PODS, SERVICES));

    private static final String NAMES = "fwb-";

    private final String prefix;
    private final List<String> made = new ArrayList<>();
    private boolean closed;

    private PacketNetwork(String prefix) {
        this.prefix = prefix;
    }

    /// The address of a pod: each number has its own, and all of them are there.
    static IpAddress pod(long number) {
        return PODS.at(number);
    }

    /// @param name tells it from others of this process
    static PacketNetwork create(String name) throws IOException, InterruptedException {
        removeLeftovers();
        PacketNetwork network = new PacketNetwork(NAMES + ProcessHandle.current().pid() + "-" + name + "-");
        Runtime.getRuntime().addShutdownHook(new Thread(network::close));
        network.build();
        return network;
    }

    /// What a killed process of this kind could not take away.
    private static void removeLeftovers() {
        NetworkNamespace.list().stream()
                .filter(name -> name.matches(NAMES + "\\d+-.*"))
                .filter(name -> ProcessHandle.of(Long.parseLong(name.split("-")[1])).isEmpty())
                .forEach(NetworkNamespace::remove);
    }

    private void build() throws IOException, InterruptedException {
        List.of("node", "client", "pods").forEach(this::make);
        ip("""
                -n @node link set lo up
                -n @node link add client type veth peer name eth0 netns @client
                -n @node link add pods type veth peer name eth0 netns @pods
                -n @node addr add 10.64.0.1/24 dev client
                -n @node addr add 10.65.0.1/24 dev pods
                -n @node link set client up
                -n @node link set pods up
                -n @client link set lo up
                -n @client addr add 10.64.0.2/24 dev eth0
                -n @client link set eth0 up
                -n @client route add default via 10.64.0.1
                -n @pods link set lo up
                -n @pods addr add 10.65.0.2/24 dev eth0
                -n @pods link set eth0 up
                -n @pods route add default via 10.65.0.1
                -n @pods route add local 10.128.0.0/9 dev lo
                -n @node route add 10.128.0.0/9 via 10.65.0.2
                """);
        Sysctl.write(node(), "net.ipv4.ip_forward", "1");
        Sysctl.write(client(), "net.ipv4.ip_local_port_range", "1024 65535");
    }

    private synchronized void make(String place) {
        if (closed) {
            throw new IllegalStateException("no new namespace: the program ends");
        }
        NetworkNamespace.create(prefix + place);
        made.add(prefix + place);
    }

    private void ip(String script) throws IOException, InterruptedException {
        for (String line : script.strip().split("\n")) {
            List<String> command = new ArrayList<>(List.of("ip"));
            command.addAll(List.of(line.replace("@", prefix).strip().split(" +")));
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output.strip());
            }
        }
    }

    NetworkNamespace node() {
        return place("node");
    }

    NetworkNamespace client() {
        return place("client");
    }

    NetworkNamespace pods() {
        return place("pods");
    }

    private NetworkNamespace place(String name) {
        return NetworkNamespace.find(prefix + name)
                .orElseThrow(() -> new IllegalStateException("no namespace " + prefix + name + ": the program ends"));
    }

    synchronized boolean isClosed() {
        return closed;
    }

    /// Removes the names; the kernel ends the namespaces when no socket and no thread of this process is left in them.
    @Override
    public synchronized void close() {
        closed = true;
        made.forEach(NetworkNamespace::remove);
        made.clear();
    }
}
