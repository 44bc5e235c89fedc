package dev.fairway.kernel.nft;

import dev.fairway.kernel.netlink.MessageWriter;
import dev.fairway.kernel.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Writes commands as one nfnetlink batch: begin, a message or more for each command, end. The kernel takes all of it
/// or nothing.
final class NftBatch {

    static final int SUBSYSTEM = 10; // NFNL_SUBSYS_NFTABLES
    private static final int BEGIN = 16; // NFNL_MSG_BATCH_BEGIN
    private static final int END = 17; // NFNL_MSG_BATCH_END
    private static final int BATCH_GENID = 1;
    private static final int SET_FLAG_MAP = 0x8;
    private static final int SET_FLAG_TIMEOUT = 0x10;
    private static final int SET_FLAG_EVAL = 0x20;
    private static final int VERDICT_TYPE = 0xffffff00;
    /// An attribute's length is a u16: the element list is cut well before.
    private static final int ELEMENT_LIST_BYTES = 60_000;

    /// About what an element takes, of either family.
    private static final int ELEMENT_BYTES = 64;

    private final MessageWriter out;
    private final RuleEncoding rules;
    private final int firstSequence;
    /// The command of each message, by sequence number.
    private final List<NftCommand> guilty = new ArrayList<>();
    private int nextSetId = 1;

    NftBatch(int firstSequence, OptionalInt generation, List<NftCommand> commands) {
        this.firstSequence = firstSequence;
        this.out = new MessageWriter(expectedBytes(commands));
        this.rules = new RuleEncoding(out);
        out.begin(BEGIN, NetlinkMessage.REQUEST, 0).u8(0).u8(0).u16Network(SUBSYSTEM);
        generation.ifPresent(id -> out.attributeU32Network(BATCH_GENID, id));
        out.end();
        commands.forEach(this::write);
        // the acknowledgement on the last member instead of the end, which older kernels do not answer
        out.begin(END, NetlinkMessage.REQUEST, 0)
                .u8(0)
                .u8(0)
                .u16Network(SUBSYSTEM)
                .end();
    }

    private static int expectedBytes(List<NftCommand> commands) {
        int elements = 0;
        for (NftCommand command : commands) {
            elements += command instanceof NftCommand.AddElements(NftSet _, List<Element> added) ? added.size() : 0;
        }
        return elements * ELEMENT_BYTES;
    }

    byte[] toBytes() {
        return out.toBytes();
    }

    /// Messages between begin and end.
    int messages() {
        return guilty.size();
    }

    /// The command whose message had the sequence number.
    NftCommand guilty(int sequence) {
        return guilty.get(Math.clamp(sequence - firstSequence, 0, guilty.size() - 1));
    }

    private void write(NftCommand command) {
        switch (command) {
            case NftCommand.AddTable(Table table) ->
                message(command, 0, NetlinkMessage.CREATE, () -> out.attributeText(1, table.name()));
            case NftCommand.DeleteTable(Table table) ->
                message(command, 2, 0, () -> out.attributeText(1, table.name()));
            case NftCommand.AddChain(Chain chain) -> message(command, 3, NetlinkMessage.CREATE, () -> chain(chain));
            case NftCommand.DeleteChain(Table table, String chain) ->
                message(command, 5, 0, () -> out.attributeText(1, table.name()).attributeText(3, chain));
            case NftCommand.AddRule(Table table, String chain, Rule rule) ->
                message(command, 6, NetlinkMessage.CREATE | NetlinkMessage.APPEND, () -> rule(table, chain, rule));
            case NftCommand.FlushChain(Table table, String chain) ->
                message(command, 8, 0, () -> out.attributeText(1, table.name()).attributeText(2, chain));
            case NftCommand.DeleteRule(Table table, String chain, long handle) ->
                message(
                        command,
                        8,
                        0,
                        () -> out.attributeText(1, table.name())
                                .attributeText(2, chain)
                                .attributeU64Network(3, handle));
            case NftCommand.AddSet(NftSet set) -> message(command, 9, NetlinkMessage.CREATE, () -> set(set));
            case NftCommand.DeleteSet(NftSet set) ->
                message(
                        command,
                        11,
                        0,
                        () -> out.attributeText(1, set.table().name()).attributeText(2, set.name()));
            case NftCommand.AddElements(NftSet set, List<Element> elements) -> elements(command, 12, set, elements);
            case NftCommand.DeleteElements(NftSet set, List<Element.Key> keys) ->
                elements(command, 14, set, bare(keys));
            case NftCommand.RemoveElements(NftSet set, List<Element.Key> keys) ->
                elements(command, 30, set, bare(keys));
        }
    }

    private static List<Element> bare(List<Element.Key> keys) {
        return keys.stream()
                .map(key -> new Element(key, Element.Mapped.nothing()))
                .toList();
    }

    private void begin(NftCommand command, int type, int flags) {
        int sequence = firstSequence + guilty.size();
        guilty.add(command);
        out.begin(SUBSYSTEM << 8 | type, NetlinkMessage.REQUEST | flags, sequence);
        out.u8(command.table().family().number()).u8(0).u16Network(0);
    }

    private void message(NftCommand command, int type, int flags, Runnable body) {
        begin(command, type, flags);
        body.run();
        out.end();
    }

    private void chain(Chain chain) {
        out.attributeText(1, chain.table().name()).attributeText(3, chain.name());
        chain.base().ifPresent(base -> {
            out.nested(
                    4, () -> out.attributeU32Network(1, base.hook().number()).attributeU32Network(2, base.priority()));
            out.attributeU32Network(5, base.accept() ? 1 : 0);
            out.attributeText(7, base.type().word());
        });
    }

    private void rule(Table table, String chain, Rule rule) {
        out.attributeText(1, table.name()).attributeText(2, chain);
        out.nested(4, () -> rule.exprs().forEach(rules::write));
        out.attribute(7, Userdata.ofRule(rule));
    }

    private void set(NftSet set) {
        int flags = (set.isMap() ? SET_FLAG_MAP : 0) | (set.learning() ? SET_FLAG_TIMEOUT | SET_FLAG_EVAL : 0);
        out.attributeText(1, set.table().name()).attributeText(2, set.name());
        out.attributeU32Network(3, flags);
        out.attributeU32Network(4, ValueType.number(set.key()));
        out.attributeU32Network(5, ValueType.bytes(set.key()));
        switch (set.data()) {
            case NftSet.Target.Nothing() -> {}
            case NftSet.Target.Values(List<ValueType> types) ->
                out.attributeU32Network(6, ValueType.number(types)).attributeU32Network(7, ValueType.bytes(types));
            case NftSet.Target.Verdicts() -> out.attributeU32Network(6, VERDICT_TYPE);
        }
        set.size().ifPresent(size -> out.nested(9, () -> out.attributeU32Network(1, size)));
        out.attributeU32Network(10, nextSetId++);
        out.attribute(13, Userdata.ofSet(set));
        if (set.counting()) {
            rules.counterOfSet();
        }
    }

    private void elements(NftCommand command, int type, NftSet set, List<Element> elements) {
        int next = 0;
        while (next < elements.size()) {
            begin(command, type, type == 12 ? NetlinkMessage.CREATE : 0);
            out.attributeText(2, set.name()).attributeText(1, set.table().name());
            int list = out.openNested(3);
            int limit = out.size() + ELEMENT_LIST_BYTES;
            while (next < elements.size() && out.size() < limit) {
                element(elements.get(next++));
            }
            out.close(list).end();
        }
    }

    private void element(Element element) {
        int at = out.openNested(1);
        values(1, element.key().values());
        switch (element.data()) {
            case Element.Mapped.Nothing() -> {}
            case Element.Mapped.Values(List<Value> values) -> values(2, values);
            case Element.Mapped.To(Verdict verdict) -> out.nested(2, () -> RuleEncoding.verdict(out, verdict));
        }
        out.close(at);
    }

    private void values(int type, List<Value> values) {
        int at = out.openNested(type);
        int inner = out.open(1);
        Value.write(values, out);
        out.close(inner).close(at);
    }
}
