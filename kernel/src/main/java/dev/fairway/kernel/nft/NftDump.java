package dev.fairway.kernel.nft;

import dev.fairway.kernel.netlink.AttributeReader;
import dev.fairway.kernel.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Reads tables back from the kernel.
public final class NftDump {

    private static final int GETTABLE = 1;
    private static final int GETCHAIN = 4;
    private static final int GETRULE = 7;
    private static final int GETSET = 10;
    private static final int GETSETELEM = 13;
    private static final int ALL_FAMILIES = 0;
    private static final int NFGENMSG_BYTES = 4;
    private static final int ELEMENT_EXPR = 7;
    private static final int COUNTER_PACKETS = 2;

    private NftDump() {}

    /// A rule as found: the handle by which it is deleted, and its comment.
    public record FoundRule(long handle, String comment) {}

    /// The outline of a table.
    ///
    /// @param chains the rules of each chain, in order
    /// @param sets the names of sets and maps
    public record Shape(boolean exists, SortedMap<String, List<FoundRule>> chains, SortedSet<String> sets) {

        static final Shape ABSENT = new Shape(false, new TreeMap<>(), new TreeSet<>());
    }

    static List<String> tables(NftConnection connection) {
        return connection.dump(ALL_FAMILIES, GETTABLE, _ -> {}).stream()
                .map(message -> PacketTrace.family(message.payload().get(0)) + " " + text(message, 1))
                .toList();
    }

    static Shape shape(NftConnection connection, Table table) {
        boolean exists = connection.dump(table.family(), GETTABLE, _ -> {}).stream()
                .anyMatch(message -> text(message, 1).equals(table.name()));
        if (!exists) {
            return Shape.ABSENT;
        }
        SortedMap<String, List<FoundRule>> chains = new TreeMap<>();
        for (NetlinkMessage message : connection.dump(table.family(), GETCHAIN, _ -> {})) {
            if (text(message, 1).equals(table.name())) {
                chains.put(text(message, 3), new ArrayList<>());
            }
        }
        for (NetlinkMessage message :
                connection.dump(table.family(), GETRULE, out -> out.attributeText(1, table.name()))) {
            if (text(message, 1).equals(table.name())) {
                chains.computeIfAbsent(text(message, 2), _ -> new ArrayList<>()).add(rule(message));
            }
        }
        return new Shape(true, chains, sets(connection, table));
    }

    private static SortedSet<String> sets(NftConnection connection, Table table) {
        SortedSet<String> sets = new TreeSet<>();
        for (NetlinkMessage message :
                connection.dump(table.family(), GETSET, out -> out.attributeText(1, table.name()))) {
            if (text(message, 1).equals(table.name())) {
                sets.add(text(message, 2));
            }
        }
        return sets;
    }

    private static FoundRule rule(NetlinkMessage message) {
        AttributeReader attributes = message.attributes(NFGENMSG_BYTES);
        String comment = attributes.find(7).map(Userdata::ruleComment).orElse("");
        return new FoundRule(attributes.get(3).u64Network(), comment);
    }

    private static String text(NetlinkMessage message, int attribute) {
        return message.attributes(NFGENMSG_BYTES)
                .find(attribute)
                .map(AttributeReader.Attribute::text)
                .orElse("");
    }

    static List<Element> elements(NftConnection connection, NftSet set) {
        SortedMap<Element.Key, Element> found = new TreeMap<>();
        eachElement(connection, set, attributes -> {
            Element element = element(set, attributes);
            found.put(element.key(), element);
        });
        return List.copyOf(found.values());
    }

    /// How many packets have found each element of a counting set.
    static SortedMap<Element.Key, Long> packets(NftConnection connection, NftSet set) {
        SortedMap<Element.Key, Long> found = new TreeMap<>();
        eachElement(
                connection,
                set,
                attributes -> found.put(
                        element(set, attributes).key(),
                        attributes.find(ELEMENT_EXPR).map(NftDump::packets).orElse(0L)));
        return found;
    }

    private static long packets(AttributeReader.Attribute counter) {
        return counter.nested().get(2).nested().get(COUNTER_PACKETS).u64Network();
    }

    private static void eachElement(NftConnection connection, NftSet set, Consumer<AttributeReader> action) {
        List<NetlinkMessage> messages = connection.dump(
                set.table().family(),
                GETSETELEM,
                out -> out.attributeText(1, set.table().name()).attributeText(2, set.name()));
        for (NetlinkMessage message : messages) {
            message.attributes(NFGENMSG_BYTES)
                    .find(3)
                    .ifPresent(list -> list.nested().forEach(attribute -> action.accept(attribute.nested())));
        }
    }

    private static Element element(NftSet set, AttributeReader attributes) {
        byte[] key = attributes.get(1).nested().get(1).toBytes();
        return new Element(new Element.Key(Value.parse(set.key(), key)), data(set, attributes));
    }

    private static Element.Mapped data(NftSet set, AttributeReader attributes) {
        return switch (set.data()) {
            case NftSet.Target.Nothing() -> Element.Mapped.nothing();
            case NftSet.Target.Values(List<ValueType> types) ->
                new Element.Mapped.Values(
                        Value.parse(types, attributes.get(2).nested().get(1).toBytes()));
            case NftSet.Target.Verdicts() ->
                new Element.Mapped.To(verdict(attributes.get(2).nested().get(2).nested()));
        };
    }

    private static Verdict verdict(AttributeReader attributes) {
        String chain = attributes.find(2).map(AttributeReader.Attribute::text).orElse("");
        return Verdict.of(attributes.get(1).u32Network(), chain);
    }
}
