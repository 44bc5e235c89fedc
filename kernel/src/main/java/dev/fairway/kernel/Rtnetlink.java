package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.libc.Libc;
import dev.fairway.kernel.netlink.NetlinkException;
import dev.fairway.kernel.netlink.NetlinkMessage;
import dev.fairway.kernel.netlink.NetlinkSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Links, addresses and routes of one network namespace, over rtnetlink (`man 7 rtnetlink`).
///
/// `add` demands that the thing does not exist (EEXIST), `delete` that it does, `remove` and `set` are satisfied when
/// the wanted state is there already. All throw `KernelException` with the operation, the thing and the errno.
/// Safe for use by several threads.
public final class Rtnetlink implements AutoCloseable {

    /// How often a dump is repeated that the kernel marks as inconsistent.
    private static final int DUMP_ATTEMPTS = 10;

    private final NetworkNamespace namespace;
    private final NetlinkSocket socket;

    private Rtnetlink(NetworkNamespace namespace, NetlinkSocket socket) {
        this.namespace = namespace;
        this.socket = socket;
    }

    public static Rtnetlink open(NetworkNamespace namespace) {
        return new Rtnetlink(namespace, NetlinkSocket.open(namespace, NetlinkSocket.ROUTE));
    }

    /// All links, in the order of their numbers.
    public List<Link> links() {
        List<RouteReplies.RawLink> raw = rawLinks();
        Map<Integer, String> names = names(raw);
        return raw.stream()
                .map(link -> RouteReplies.withMaster(link, Optional.ofNullable(names.get(link.masterIndex()))))
                .toList();
    }

    public Optional<Link> link(String name) {
        return read(requests -> requests.getLink(name), name).map(raw -> RouteReplies.withMaster(raw, masterOf(raw)));
    }

    /// A new bridge, down. Its hardware address is its own and stays: a bridge without one takes over the lowest of its
    /// ports, and neighbours that know the old one lose their gateway for a while.
    public void addBridge(String name) {
        byte[] hardwareAddress = new byte[6];
        ThreadLocalRandom.current().nextBytes(hardwareAddress);
        hardwareAddress[0] = 0x02; // locally administered, unicast
        change("add bridge", name, requests -> requests.addBridge(name, hardwareAddress));
    }

    /// A new pair of links, both down: `name` here, `peerName` in the other namespace.
    public void addVeth(String name, String peerName, NetworkNamespace peerNamespace) {
        String path = peerNamespace.path().toString();
        int fd = check(
                Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0), "open network namespace", peerNamespace.name());
        try {
            change(
                    "add veth",
                    name + " with peer " + peerName + " in " + peerNamespace.name(),
                    requests -> requests.addVeth(name, peerName, fd));
        } finally {
            Libc.close(fd);
        }
    }

    public void setUp(String link) {
        setFlags("set up", link, RouteRequests.IFF_UP);
    }

    public void setDown(String link) {
        setFlags("set down", link, 0);
    }

    /// Makes the link a port of the bridge.
    public void setMaster(String link, String bridge) {
        String operation = "add to bridge " + bridge + " the link";
        int master = index("add links to bridge", bridge);
        int index = index(operation, link);
        change(operation, link, requests -> requests.setNumber(index, RouteRequests.IFLA_MASTER, master));
    }

    public void setMtu(String link, int mtuBytes) {
        String operation = "set mtu " + mtuBytes + " of";
        int index = index(operation, link);
        change(operation, link, requests -> requests.setNumber(index, RouteRequests.IFLA_MTU, mtuBytes));
    }

    /// Takes the link away; a veth takes its peer with it.
    public void deleteLink(String link) {
        int index = index("delete link", link);
        change("delete link", link, requests -> requests.deleteLink(index));
    }

    /// All addresses of all links.
    public List<LinkAddress> addresses() {
        Map<Integer, String> names = names(rawLinks());
        return dump("list addresses of", RouteRequests::listAddresses).stream()
                .filter(message -> message.type() == RouteRequests.RTM_NEWADDR)
                .flatMap(message -> RouteReplies.address(message, names).stream())
                .toList();
    }

    /// Gives the link an address. An IPv6 address is usable at once: duplicate address detection is off for it.
    public void addAddress(String link, IpAddress address, int prefix) {
        String object = new LinkAddress(link, address, prefix).toString();
        int index = index("add address " + address + " to", link);
        change("add address", object, requests -> requests.addAddress(index, address, prefix));
    }

    /// Takes the address from the link, if it is there.
    public void removeAddress(String link, IpAddress address, int prefix) {
        String object = new LinkAddress(link, address, prefix).toString();
        int index = index("remove address " + address + " from", link);
        unless(
                Errno.EADDRNOTAVAIL,
                () -> change("remove address", object, requests -> requests.removeAddress(index, address, prefix)));
    }

    /// The unicast routes of the main table, those that the kernel makes for addresses included.
    public List<Route> routes() {
        Map<Integer, String> names = names(rawLinks());
        return dump("list routes of", RouteRequests::listRoutes).stream()
                .filter(message -> message.type() == RouteRequests.RTM_NEWROUTE)
                .flatMap(message -> RouteReplies.routes(message, names).stream())
                .toList();
    }

    public void addRoute(Route route) {
        int index = index("add route over", route.link());
        change("add route", route.toString(), requests -> requests.addRoute(route, index));
    }

    /// Adds the route in place of another one to the same destination, if there is one.
    public void replaceRoute(Route route) {
        int index = index("replace route over", route.link());
        change("replace route", route.toString(), requests -> requests.replaceRoute(route, index));
    }

    /// Takes the route away, if it is there.
    public void removeRoute(Route route) {
        int index = index("remove route over", route.link());
        unless(
                Errno.ESRCH,
                () -> change("remove route", route.toString(), requests -> requests.removeRoute(route, index)));
    }

    @Override
    public void close() {
        synchronized (socket) {
            socket.close();
        }
    }

    private void setFlags(String operation, String link, int flags) {
        int index = index(operation, link);
        change(operation, link, requests -> requests.setFlags(index, flags, RouteRequests.IFF_UP));
    }

    private int index(String operation, String link) {
        return link(link)
                .map(Link::index)
                .orElseThrow(() -> new KernelException(
                        operation, link, Errno.ENODEV, "no such link in namespace " + namespace.name()));
    }

    private Optional<String> masterOf(RouteReplies.RawLink raw) {
        return raw.masterIndex() == 0
                ? Optional.empty()
                : read(requests -> requests.getLink(raw.masterIndex()), "number " + raw.masterIndex())
                        .map(master -> master.link().name());
    }

    private Optional<RouteReplies.RawLink> read(Function<RouteRequests, byte[]> request, String object) {
        try {
            return exchange(request).stream().map(RouteReplies::link).findFirst();
        } catch (NetlinkException e) {
            if (e.error().errno().equals(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e.toKernelException("find link", object);
        }
    }

    private List<RouteReplies.RawLink> rawLinks() {
        return dump("list links of", RouteRequests::listLinks).stream()
                .filter(message -> message.type() == RouteRequests.RTM_NEWLINK)
                .map(RouteReplies::link)
                .toList();
    }

    private static Map<Integer, String> names(List<RouteReplies.RawLink> links) {
        return links.stream()
                .map(RouteReplies.RawLink::link)
                .collect(Collectors.toMap(Link::index, Link::name, (first, second) -> second));
    }

    private List<NetlinkMessage> dump(String operation, Function<RouteRequests, byte[]> request) {
        for (int attempt = 1; ; attempt++) {
            try {
                return exchange(request);
            } catch (NetlinkException e) {
                boolean changedMeanwhile = e.error().errno().equals(Errno.EINTR);
                if (!changedMeanwhile || attempt == DUMP_ATTEMPTS) {
                    throw e.toKernelException(operation, namespace.name());
                }
            }
        }
    }

    private void change(String operation, String object, Function<RouteRequests, byte[]> request) {
        try {
            exchange(request);
        } catch (NetlinkException e) {
            throw e.toKernelException(operation, object);
        }
    }

    private List<NetlinkMessage> exchange(Function<RouteRequests, byte[]> request) {
        synchronized (socket) {
            int sequence = socket.nextSequence();
            return socket.exchange(request.apply(new RouteRequests(sequence)), sequence);
        }
    }

    private static void unless(Errno absent, Runnable removal) {
        try {
            removal.run();
        } catch (KernelException e) {
            if (!e.is(absent)) {
                throw e;
            }
        }
    }
}
