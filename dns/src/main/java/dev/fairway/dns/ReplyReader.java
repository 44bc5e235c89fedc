package dev.fairway.dns;

import dev.fairway.address.IpAddress;
import dev.fairway.dns.WireReader.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Reads what upstream servers send, and only that: a reply to the very question that was asked.
final class ReplyReader {

    /// @param truncated the rest is to be had by TCP
    record Reply(Answer answer, boolean truncated) {}

    private static final int CLASS_IN = 1;
    private static final int ANSWER_FLAG = 0x8000;
    private static final int TRUNCATED_FLAG = 0x0200;
    /// RFC 2181, 8: a TTL with the top bit set means 0.
    private static final long MAX_TTL = Integer.MAX_VALUE;

    private ReplyReader() {}

    /// Empty when it is no reply to this query: another identifier or question (somebody may be guessing), or broken.
    static Optional<Reply> read(byte[] message, int id, Question question) {
        try {
            WireReader reader = new WireReader(message);
            if (reader.u16() != id) {
                return Optional.empty();
            }
            int flags = reader.u16();
            int questions = reader.u16();
            int[] counts = {reader.u16(), reader.u16(), reader.u16()};
            if ((flags & ANSWER_FLAG) == 0 || questions != 1 || !sameQuestion(reader, question)) {
                return Optional.empty();
            }
            boolean truncated = (flags & TRUNCATED_FLAG) != 0;
            Rcode rcode = Rcode.of(flags & 0xf);
            return Optional.of(new Reply(truncated ? Answer.of(rcode) : answer(rcode, reader, counts), truncated));
        } catch (MalformedException broken) {
            return Optional.empty();
        }
    }

    private static boolean sameQuestion(WireReader reader, Question question) throws MalformedException {
        return reader.plainName().equals(question.name())
                && reader.u16() == question.type()
                && reader.u16() == CLASS_IN;
    }

    private static Answer answer(Rcode rcode, WireReader reader, int[] counts) throws MalformedException {
        List<ResourceRecord> answers = records(reader, counts[0]);
        List<ResourceRecord> authority = records(reader, counts[1]);
        List<ResourceRecord> additional = records(reader, counts[2]);
        return new Answer(rcode, false, answers, authority, additional, Optional.empty());
    }

    /// Leaves out OPT, which belongs to the single message, and records of other classes.
    private static List<ResourceRecord> records(WireReader reader, int count) throws MalformedException {
        List<ResourceRecord> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DnsName name = reader.name();
            int type = reader.u16();
            int recordClass = reader.u16();
            long ttl = reader.u32();
            WireReader rdata = reader.slice(reader.u16());
            if (type != RecordType.OPT.number() && recordClass == CLASS_IN) {
                out.add(new ResourceRecord(name, type, ttl > MAX_TTL ? 0 : (int) ttl, rdata(type, rdata)));
            }
        }
        return out;
    }

    /// Types of RFC 1035 may hold compressed names, so they are understood; later ones may not, and are copied.
    private static Rdata rdata(int type, WireReader reader) throws MalformedException {
        Optional<RecordType> known = RecordType.find(type);
        if (known.isEmpty()) {
            return new Rdata.Raw(reader.hex(reader.left()));
        }
        Rdata rdata = switch (known.get()) {
            case A -> new Rdata.Address(IpAddress.of(reader.take(4)));
            case AAAA -> new Rdata.Address(IpAddress.of(reader.take(16)));
            case NS, CNAME, PTR, DNAME -> new Rdata.Pointer(reader.name());
            case MX -> new Rdata.Mx(reader.u16(), reader.name());
            case SRV -> new Rdata.Srv(reader.u16(), reader.u16(), reader.u16(), reader.name());
            case SOA -> soa(reader);
            case TXT -> text(reader);
            case OPT, IXFR, AXFR, ANY -> new Rdata.Raw(reader.hex(reader.left()));
        };
        if (reader.left() != 0) {
            throw new MalformedException("record data longer than its type allows");
        }
        return rdata;
    }

    private static Rdata soa(WireReader reader) throws MalformedException {
        return new Rdata.Soa(
                reader.name(), reader.name(), reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u32());
    }

    /// Bytes that are no ASCII would not survive as text.
    private static Rdata text(WireReader reader) throws MalformedException {
        WireReader copy = reader.slice(reader.left());
        List<String> texts = new ArrayList<>();
        StringBuilder raw = new StringBuilder();
        boolean ascii = true;
        while (copy.left() > 0) {
            byte[] string = copy.take(copy.u8());
            raw.append("%02x".formatted(string.length)).append(HexFormat.of().formatHex(string));
            texts.add(new String(string, StandardCharsets.US_ASCII));
            for (byte b : string) {
                ascii &= b >= 0;
            }
        }
        return ascii ? new Rdata.Text(texts) : new Rdata.Raw(raw.toString());
    }
}
