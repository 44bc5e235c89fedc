package dev.fairway.dns;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes one message: names compressed against everything before them, records left out with TC set when the limit
/// is reached.
final class AnswerWriter {

    /// What we take and send by UDP: fits every path without fragments (DNS flag day 2020).
    static final int EDNS_BYTES = 1232;

    private static final int PLAIN_UDP_BYTES = 512;
    private static final int TCP_BYTES = 65535;
    private static final int HEADER_BYTES = 12;
    private static final int POINTER_REACH = 0x4000;
    private static final int CLASS_IN = 1;
    private static final int EXTENDED_ERROR_OPTION = 15;
    private static final int OPT_BYTES = 11;
    private static final int MAX_EXPLANATION_BYTES = 200;

    private final Map<DnsName, Integer> offsets = new HashMap<>();
    private final int limit;
    private byte[] bytes = new byte[EDNS_BYTES];
    private int at;

    private AnswerWriter(int limit) {
        this.limit = limit;
    }

    static int udpLimit(Query query) {
        return Math.clamp(query.ednsBytes().orElse(PLAIN_UDP_BYTES), PLAIN_UDP_BYTES, EDNS_BYTES);
    }

    static int tcpLimit() {
        return TCP_BYTES;
    }

    /// @param recursionAvailable whether names outside our zones are answered too
    static byte[] write(Query query, Answer answer, int limit, boolean recursionAvailable) {
        return new AnswerWriter(limit).message(query, answer, recursionAvailable);
    }

    /// The answer to a message whose question could not be read.
    static byte[] write(Received.Refused refused) {
        AnswerWriter writer = new AnswerWriter(PLAIN_UDP_BYTES);
        int flags = 0x8000 | refused.opcode() << 11 | (refused.recursionDesired() ? 0x0100 : 0);
        writer.header(refused.id(), flags | refused.rcode().number() & 0xf, 0);
        return writer.toBytes();
    }

    private byte[] message(Query query, Answer answer, boolean recursionAvailable) {
        header(query.id(), 0, 1);
        question(query);
        byte[] opt = query.ednsBytes().isPresent() ? opt(answer) : new byte[0];
        int room = limit - opt.length;
        int answers = records(answer.answers(), room);
        boolean truncated = answers < answer.answers().size();
        int authority = truncated ? 0 : records(answer.authority(), room);
        truncated |= authority < answer.authority().size() && answer.answers().isEmpty();
        int additional = truncated ? 0 : records(answer.additional(), room);
        put(opt);
        int flags = 0x8000
                | (answer.authoritative() ? 0x0400 : 0)
                | (truncated ? 0x0200 : 0)
                | (query.recursionDesired() ? 0x0100 : 0)
                | (recursionAvailable ? 0x0080 : 0)
                | answer.rcode().number() & 0xf;
        patch(2, flags);
        patch(6, answers);
        patch(8, authority);
        patch(10, additional + (opt.length > 0 ? 1 : 0));
        return toBytes();
    }

    private void header(int id, int flags, int questions) {
        u16(id);
        u16(flags);
        u16(questions);
        u16(0);
        u16(0);
        u16(0);
    }

    /// Repeats the question byte by byte, and lets later names point into it: so they get the client's case.
    private void question(Query query) {
        remember(query.question().name(), HEADER_BYTES);
        put(query.rawQuestion());
    }

    private void remember(DnsName name, int offset) {
        int labels = name.labelCount();
        int position = offset;
        for (int i = 0; i < labels && position < POINTER_REACH; i++) {
            DnsName suffix = name.suffix(i);
            offsets.putIfAbsent(suffix, position);
            position = offset + name.wireLength() - name.suffix(i + 1).wireLength();
        }
    }

    /// @return how many records had room
    private int records(List<ResourceRecord> records, int room) {
        int written = 0;
        for (ResourceRecord entry : records) {
            int before = at;
            resourceRecord(entry);
            if (at > room) {
                at = before;
                offsets.values().removeIf(offset -> offset >= before);
                return written;
            }
            written++;
        }
        return written;
    }

    private void resourceRecord(ResourceRecord entry) {
        name(entry.name());
        u16(entry.type());
        u16(CLASS_IN);
        u32(entry.ttlSeconds());
        int lengthAt = at;
        u16(0);
        rdata(entry.rdata());
        patch(lengthAt, at - lengthAt - 2);
    }

    private void rdata(Rdata rdata) {
        switch (rdata) {
            case Rdata.Address(var address) -> put(address.toBytes());
            case Rdata.Pointer(DnsName target) -> name(target);
            case Rdata.Mx(int preference, DnsName exchange) -> {
                u16(preference);
                name(exchange);
            }
            case Rdata.Srv(int priority, int weight, int port, DnsName target) -> {
                u16(priority);
                u16(weight);
                u16(port);
                put(target.toWire()); // never compressed: RFC 2782
            }
            case Rdata.Soa soa -> soa(soa);
            case Rdata.Text(List<String> texts) -> texts.forEach(this::characterString);
            case Rdata.Raw(String hex) -> put(HexFormat.of().parseHex(hex));
        }
    }

    private void soa(Rdata.Soa soa) {
        name(soa.server());
        name(soa.mailbox());
        u32(soa.serial());
        u32(soa.refresh());
        u32(soa.retry());
        u32(soa.expire());
        u32(soa.minimum());
    }

    private void characterString(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(utf8.length, 255);
        put(new byte[] {(byte) length});
        put(Arrays.copyOf(utf8, length));
    }

    private void name(DnsName name) {
        DnsName rest = name;
        while (!rest.isRoot()) {
            Optional<Integer> known = Optional.ofNullable(offsets.get(rest));
            if (known.isPresent()) {
                u16(0xc000 | known.get());
                return;
            }
            if (at < POINTER_REACH) {
                offsets.put(rest, at);
            }
            DnsName next = rest.suffix(1);
            put(Arrays.copyOf(rest.toWire(), rest.wireLength() - next.wireLength()));
            rest = next;
        }
        put(new byte[] {0});
    }

    private static byte[] opt(Answer answer) {
        byte[] whole = answer.explanation()
                .map(explanation -> explanation.text().getBytes(StandardCharsets.US_ASCII))
                .orElse(new byte[0]);
        byte[] text = Arrays.copyOf(whole, Math.min(whole.length, MAX_EXPLANATION_BYTES));
        int optionBytes = answer.explanation().isPresent() ? 6 + text.length : 0;
        AnswerWriter out = new AnswerWriter(OPT_BYTES + optionBytes);
        out.put(new byte[] {0});
        out.u16(RecordType.OPT.number());
        out.u16(EDNS_BYTES);
        out.u32((long) answer.rcode().number() >>> 4 << 24);
        out.u16(optionBytes);
        answer.explanation().ifPresent(explanation -> {
            out.u16(EXTENDED_ERROR_OPTION);
            out.u16(2 + text.length);
            out.u16(explanation.code());
            out.put(text);
        });
        return out.toBytes();
    }

    private void u16(int value) {
        put(new byte[] {(byte) (value >>> 8), (byte) value});
    }

    private void u32(long value) {
        u16((int) (value >>> 16));
        u16((int) value);
    }

    private void patch(int position, int value) {
        bytes[position] = (byte) (value >>> 8);
        bytes[position + 1] = (byte) value;
    }

    private void put(byte[] more) {
        if (at + more.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more.length));
        }
        System.arraycopy(more, 0, bytes, at, more.length);
        at += more.length;
    }

    private byte[] toBytes() {
        return Arrays.copyOf(bytes, at);
    }
}
