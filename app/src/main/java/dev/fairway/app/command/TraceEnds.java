package dev.fairway.app.command;

import dev.fairway.address.IpAddress;
import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.dataplane.Packet;
import dev.fairway.node.Prediction;
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
record TraceEnds(ObjectNode node, Packet packet) {

    private static final String DEFAULT = "default";
    private static final String OUTSIDE = "outside";
    private static final int PORT_MAX = 65_535;
    /// Of a client outside that is not told: addresses for documents, RFC 5737 and 3849.
    private static final List<IpAddress> SOMEBODY =
            List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));
    private static final Pattern TO = Pattern.compile("(?:\\[(.+)]|([^:/]+)):(\\d{1,5})(?:/(tcp|udp|sctp))?");

    /// Where to, as it was written.
    record Target(String host, int port, Protocol protocol) {

        /// @throws CommandException when it is not understood
        static Target parse(String to) {
            Matcher where = TO.matcher(to.toLowerCase(Locale.ROOT));
            if (!where.matches() || Integer.parseInt(where.group(3)) > PORT_MAX) {
                throw TraceCommand.usage("WHERE", to, "SERVICE:PORT or ADDRESS:PORT, with /udp for UDP");
            }
            String host = where.group(1) == null ? where.group(2) : where.group(1);
            String protocol = where.group(4) == null ? "tcp" : where.group(4);
            return new Target(
                    host, Integer.parseInt(where.group(3)), Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)));
        }
    }

    /// @throws CommandException naming what is not there or not understood
    static TraceEnds find(ApiClient client, String from, Target to, Optional<String> node) {
        List<IpAddress> targets = targets(client, to.host());
        String[] words = from.split("/");
        return switch (words[0]) {
            case "pod" -> fromPod(client, words, targets, to);
            case "node" -> fromNode(client, words, targets, to);
            default -> fromOutside(client, from, node, targets, to);
        };
    }

    private static List<IpAddress> targets(ApiClient client, String host) {
        Optional<IpAddress> literal = IpAddress.tryParse(host);
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        String[] name = host.split("\\.");
        String namespace = name.length > 1 ? name[1] : DEFAULT;
        List<IpAddress> addresses =
                Tree.texts(get(client, Resource.SERVICES, namespace, name[0]), "spec", "clusterIPs").stream()
                        .flatMap(text -> IpAddress.tryParse(text).stream())
                        .toList();
        if (addresses.isEmpty()) {
            throw new CommandException(
                    ExitCode.FAILED, "Service " + namespace + "/" + name[0] + " has no cluster IP; give an address");
        }
        return addresses;
    }

    private static TraceEnds fromPod(ApiClient client, String[] words, List<IpAddress> targets, Target to) {
        if (words.length < 2 || words.length > 3) {
            throw TraceCommand.usage("--from", String.join("/", words), "pod/NAME or pod/NAMESPACE/NAME");
        }
        ObjectNode pod = get(client, Resource.PODS, words.length == 3 ? words[1] : DEFAULT, words[words.length - 1]);
        List<IpAddress> own = Stream.concat(
                        Stream.of(Tree.text(pod, "status", "podIP")),
                        Tree.objects(pod, "status", "podIPs").stream().map(ip -> Tree.text(ip, "ip")))
                .flatMap(text -> IpAddress.tryParse(text).stream())
                .toList();
        ObjectNode node = get(client, Resource.NODES, "", Tree.text(pod, "spec", "nodeName"));
        return between(node, false, own, targets, "the pod", to);
    }

    private static TraceEnds fromNode(ApiClient client, String[] words, List<IpAddress> targets, Target to) {
        if (words.length != 2) {
            throw TraceCommand.usage("--from", String.join("/", words), "node/NAME");
        }
        ObjectNode node = get(client, Resource.NODES, "", words[1]);
        return between(node, true, Prediction.addresses(node), targets, "the node", to);
    }

    private static TraceEnds fromOutside(
            ApiClient client, String from, Optional<String> named, List<IpAddress> targets, Target to) {
        List<IpAddress> sources = from.equals(OUTSIDE)
                ? SOMEBODY
                : List.of(IpAddress.tryParse(from)
                        .orElseThrow(() ->
                                TraceCommand.usage("--from", from, "pod/NAME, node/NAME, outside or an address")));
        List<ObjectNode> nodes = client.list(Resource.NODES, "", Selection.ALL).items();
        ObjectNode node = named.map(name -> get(client, Resource.NODES, "", name))
                .or(() -> nodes.stream()
                        .filter(each -> Prediction.addresses(each).contains(targets.getFirst()))
                        .findFirst())
                .or(() -> nodes.stream().findFirst())
                .orElseThrow(() -> new CommandException(ExitCode.FAILED, "the cluster has no node"));
        return between(node, false, sources, targets, "the client", to);
    }

    /// The first pair of one family, in the order of the target.
    private static TraceEnds between(
            ObjectNode node,
            boolean fromNode,
            List<IpAddress> sources,
            List<IpAddress> targets,
            String whose,
            Target to) {
        IpAddress target = targets.stream()
                .filter(address -> sources.stream().anyMatch(source -> source.family() == address.family()))
                .findFirst()
                .orElse(targets.getFirst());
        IpAddress source = TraceCommand.ofFamily(sources, target, whose);
        return new TraceEnds(node, new Packet(fromNode, source, target, to.protocol(), to.port()));
    }

    private static ObjectNode get(ApiClient client, Resource resource, String namespace, String name) {
        return client.get(resource, namespace, name)
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED,
                        "there is no " + resource.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name));
    }
}
