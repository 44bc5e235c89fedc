package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.PacketPath.End;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Table;
import dev.fairway.kernel.nft.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Where a kernel did, or has, something else than was predicted, as sentences. Pure.
public final class Drift {

    private static final Set<String> OUR_TABLES =
            Layout.ALL.stream().map(layout -> layout.table().toText()).collect(Collectors.toUnmodifiableSet());

    private Drift() {}

    /// @param ways all that were predicted for the packet
    /// @return nothing when the kernel took one of them, or never saw the packet
    public static List<String> between(List<PacketPath> ways, ObservedPath observed) {
        if (!observed.seen()) {
            return List.of(); // nothing is known of the node's rules
        }
        End end = end(observed);
        IpAddress address = observed.left().destination();
        int port = observed.left().destinationPort();
        List<PacketPath> same = ways.stream()
                .filter(way -> way.end() == end)
                .filter(way -> end != End.SENT || way.destination().equals(address) && way.port() == port)
                .toList();
        if (same.isEmpty()) {
            String what =
                    end == End.SENT ? "sent to " + address.withPort(port) : end == End.REFUSED ? "refused" : "dropped";
            return List.of("the packet was " + what + by(observed, end) + ", which was not predicted");
        }
        boolean translated =
                !observed.left().destination().equals(observed.sent().destination());
        boolean asPredicted = same.stream().anyMatch(way -> way.masqueraded() == observed.masqueraded());
        return asPredicted || end != End.SENT || !translated || observed.flow().isEmpty()
                ? List.of()
                : List.of("the packet " + (observed.masqueraded() ? "left with another source" : "kept its source")
                        + ", which was not predicted");
    }

    /// How the kernel's rules ended its way. What other programs' rules say to the sender is known by what it heard.
    private static End end(ObservedPath observed) {
        return observed.stopped()
                .map(step -> refuses(step, observed) ? End.REFUSED : End.DROPPED)
                .orElse(End.SENT);
    }

    private static boolean refuses(ObservedPath.Step step, ObservedPath observed) {
        return step.rule().startsWith("reject")
                || step.rule().contains(" reject")
                || !OUR_TABLES.contains(step.table()) && observed.answer() != Probe.Answer.SILENT;
    }

    private static String by(ObservedPath observed, End end) {
        return end == End.SENT
                ? ""
                : observed.stopped().map(step -> " by the rule " + step).orElse("");
    }

    /// What the kernel lacks, or has too much, for the frontend that a packet is sent to.
    ///
    /// @param needed the commands that would make the kernel's rules those that are planned
    static List<String> of(List<NftCommand> needed, Packet packet) {
        List<String> out = new ArrayList<>();
        for (NftCommand command : needed) {
            switch (command) {
                case NftCommand.AddTable(Table table) -> out.add("the kernel lacks table " + table);
                case NftCommand.AddElements(NftSet set, List<Element> elements) ->
                    elements.stream()
                            .filter(element -> concerns(element.key(), packet))
                            .forEach(element ->
                                    out.add("the kernel lacks " + place(set) + " { " + element.toText() + " }"));
                case NftCommand.DeleteElements(NftSet set, List<Element.Key> keys) ->
                    keys.stream()
                            .filter(key -> concerns(key, packet))
                            .forEach(key -> out.add("the kernel has " + place(set) + " { " + key.toText()
                                    + " } otherwise or too much"));
                case NftCommand.AddChain _,
                        NftCommand.AddRule _,
                        NftCommand.AddSet _,
                        NftCommand.DeleteChain _,
                        NftCommand.DeleteRule _,
                        NftCommand.DeleteSet _,
                        NftCommand.DeleteTable _,
                        NftCommand.FlushChain _,
                        NftCommand.RemoveElements _ -> {}
            }
        }
        return List.copyOf(out);
    }

    private static String place(NftSet set) {
        return "element " + set.table() + " " + set.name();
    }

    private static boolean concerns(Element.Key key, Packet packet) {
        List<Value> port = List.of(new Value.Proto(packet.protocol().number()), new Value.Port(packet.port()));
        List<Value> frontend = new ArrayList<>(List.of(Value.of(packet.destination())));
        frontend.addAll(port);
        return startsWith(key.values(), frontend) || startsWith(key.values(), port);
    }

    private static boolean startsWith(List<Value> values, List<Value> first) {
        return values.size() >= first.size() && values.subList(0, first.size()).equals(first);
    }
}
