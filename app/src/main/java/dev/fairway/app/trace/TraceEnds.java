package dev.fairway.app.trace;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.dataplane.Packet;
import dev.fairway.node.Prediction;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.Selection;
import dev.fairway.table.Protocol;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Who connects to whom, found in the API.
///
/// @param node the Node whose rules the packet meets first
/// @param service the Service, if the target was given by name
public record TraceEnds(ObjectNode node, Packet packet, Who who, Optional<ObjectKey> service) {

    /// Who connects.
    public sealed interface Who {

        record Pod(ObjectNode object) implements Who {}

        record OnNode() implements Who {}

        /// @param anybody no certain client was meant
        record Outside(boolean anybody) implements Who {}
    }

    private static final String DEFAULT = "default";
    private static final String OUTSIDE = "outside";
    private static final int PORT_MAX = 65_535;
    /// Of a client outside that is not told: addresses for documents, RFC 5737 and 3849.
    private static final List<IpAddress> SOMEBODY =
            List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
    private static final Pattern TO = Pattern.compile("(?:\\[(.+)]|([^:/]+)):(\\d{1,5})(?:/(tcp|udp|sctp))?");

    /// Where to, as it was written.
    public record Target(String host, int port, Protocol protocol) {

        /// @throws CommandException when it is not understood
        public static Target parse(String to) {
            Matcher where = TO.matcher(to.toLowerCase(Locale.ROOT));
            if (!where.matches() || Integer.parseInt(where.group(3)) > PORT_MAX) {
                throw usage("WHERE", to, "SERVICE:PORT or ADDRESS:PORT, with /udp for UDP");
            }
            String host = where.group(1) == null ? where.group(2) : where.group(1);
            String protocol = where.group(4) == null ? "tcp" : where.group(4);
            return new Target(
                    host, Integer.parseInt(where.group(3)), Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
        }
    }

    /// @throws CommandException naming what is not there or not understood
    public static TraceEnds find(ApiClient client, String from, Target to, Optional<String> node) {
        Optional<ObjectKey> service = service(to.host());
        List<IpAddress> targets =
                service.map(key -> clusterIps(client, key)).orElseGet(() -> List.of(IpAddress.parse(to.host())));
        String[] words = from.split("/");
        return switch (words[0]) {
            case "pod" -> fromPod(client, words, targets, to, service);
            case "node" -> fromNode(client, words, targets, to, service);
            default -> fromOutside(client, from, node, targets, to, service);
        };
    }

    /// The same connection from another address.
    TraceEnds from(IpAddress source) {
        Packet from = new Packet(
                packet.fromNode(), packet.link(), source, packet.destination(), packet.protocol(), packet.port());
        return new TraceEnds(node, from, who, service);
    }

    private static Optional<ObjectKey> service(String host) {
        if (IpAddress.tryParse(host).isPresent()) {
            return Optional.empty();
        }
        String[] name = host.split("\\.");
        return Optional.of(new ObjectKey(name.length > 1 ? name[1] : DEFAULT, name[0]));
    }

    private static List<IpAddress> clusterIps(ApiClient client, ObjectKey key) {
        ObjectNode service = get(client, Resource.SERVICES, key.namespace(), key.name());
        List<IpAddress> addresses = Tree.texts(service, "spec", "clusterIPs").stream()
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .toList();
        if (addresses.isEmpty()) {
            String alias = Tree.text(service, "spec", "externalName");
            throw new CommandException(
                    ExitCode.FAILED,
                    "Service " + key + " has no cluster IP"
                            + (alias.isEmpty()
                                    ? ": its name stands for its pods; give the address of one"
                                    : ": its name stands for " + alias + "; give an address"));
        }
        return addresses;
    }

    private static TraceEnds fromPod(
            ApiClient client, String[] words, List<IpAddress> targets, Target to, Optional<ObjectKey> service) {
        if (words.length < 2 || words.length > 3) {
            throw usage("--from", String.join("/", words), "pod/NAME or pod/NAMESPACE/NAME");
        }
        ObjectNode pod = get(client, Resource.PODS, words.length == 3 ? words[1] : DEFAULT, words[words.length - 1]);
        List<IpAddress> own = Stream.concat(
                        Stream.of(Tree.text(pod, "status", "podIP")),
                        Tree.objects(pod, "status", "podIPs").stream().map(ip -> Tree.text(ip, "ip")))
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .toList();
        ObjectNode node = get(client, Resource.NODES, "", Tree.text(pod, "spec", "nodeName"));
        boolean ofNode = Tree.flag(pod, "spec", "hostNetwork");
        Packet packet = packet(ofNode, own, targets, "the pod", to);
        return new TraceEnds(node, packet, ofNode ? new Who.OnNode() : new Who.Pod(pod), service);
    }

    private static TraceEnds fromNode(
            ApiClient client, String[] words, List<IpAddress> targets, Target to, Optional<ObjectKey> service) {
        if (words.length != 2) {
            throw usage("--from", String.join("/", words), "node/NAME");
        }
        ObjectNode node = get(client, Resource.NODES, "", words[1]);
        Packet packet = packet(true, Prediction.addresses(node), targets, "the node", to);
        return new TraceEnds(node, packet, new Who.OnNode(), service);
    }

    private static TraceEnds fromOutside(
            ApiClient client,
            String from,
            Optional<String> named,
            List<IpAddress> targets,
            Target to,
            Optional<ObjectKey> service) {
        List<IpAddress> sources = from.equals(OUTSIDE)
                ? SOMEBODY
                : List.of(IpAddress.tryParse(from)
                        .orElseThrow(() -> usage("--from", from, "pod/NAME, node/NAME, outside or an address")));
        List<ObjectNode> nodes = client.list(Resource.NODES, "", Selection.ALL).items();
        ObjectNode node = named.map(name -> get(client, Resource.NODES, "", name))
                .or(() -> nodes.stream()
                        .filter(each -> Prediction.addresses(each).contains(targets.getFirst()))
                        .findFirst())
                .or(() -> nodes.stream().findFirst())
                .orElseThrow(() -> new CommandException(ExitCode.FAILED, "the cluster has no node"));
        Packet packet = packet(false, sources, targets, "the client", to);
        return new TraceEnds(node, packet, new Who.Outside(from.equals(OUTSIDE)), service);
    }

    /// Of the first pair of one family, in the order of the target.
    private static Packet packet(
            boolean fromNode, List<IpAddress> sources, List<IpAddress> targets, String whose, Target to) {
        IpAddress target = targets.stream()
                .filter(address -> sources.stream().anyMatch(source -> source.family() == address.family()))
                .findFirst()
                .orElse(targets.getFirst());
        IpAddress source = ofFamily(sources, target, whose);
        return new Packet(fromNode, source, target, to.protocol(), to.port());
    }

    private static IpAddress ofFamily(List<IpAddress> addresses, IpAddress like, String whose) {
        return addresses.stream()
                .filter(address -> address.family() == like.family())
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        whose + " has no " + like.family().apiName() + " address to connect to " + like));
    }

    private static CommandException usage(String what, String text, String expected) {
        return new CommandException(ExitCode.USAGE, what + ": expected " + expected + ", got \"" + text + "\"");
    }

    private static ObjectNode get(ApiClient client, Resource resource, String namespace, String name) {
        return client.get(resource, namespace, name)
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        "there is no " + resource.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name));
    }
}
