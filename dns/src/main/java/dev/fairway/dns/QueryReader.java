package dev.fairway.dns;

import dev.fairway.dns.WireReader.MalformedException;
import java.util.Arrays;
import java.util.Optional;

/// Reads what clients send.
final class QueryReader {

    private static final int HEADER_BYTES = 12;
    private static final int CLASS_IN = 1;
    private static final int ANSWER_FLAG = 0x8000;
    private static final int TRUNCATED_FLAG = 0x0200;
    private static final int RECURSION_DESIRED_FLAG = 0x0100;

    private QueryReader() {}

    static Received read(byte[] message) {
        if (message.length < HEADER_BYTES) {
            return new Received.Ignored();
        }
        WireReader reader = new WireReader(message);
        try {
            int id = reader.u16();
            int flags = reader.u16();
            return (flags & ANSWER_FLAG) != 0 ? new Received.Ignored() : new Reading(message, reader, id, flags).read();
        } catch (MalformedException shorterThanItsHeader) {
            return new Received.Ignored();
        }
    }

    /// One message behind its first four bytes.
    private record Reading(byte[] message, WireReader reader, int id, int flags) {

        Received read() {
            if (opcode() != 0) {
                return refused(Rcode.NOTIMP, Optional.empty());
            }
            try {
                return sections();
            } catch (MalformedException broken) {
                return refused(Rcode.FORMERR, Optional.empty());
            }
        }

        private Received sections() throws MalformedException {
            int questions = reader.u16();
            int answers = reader.u16();
            int authorities = reader.u16();
            int additionals = reader.u16();
            if (questions != 1 || answers != 0 || (flags & TRUNCATED_FLAG) != 0) {
                return refused(Rcode.FORMERR, Optional.empty());
            }
            DnsName name = reader.plainName();
            int type = reader.u16();
            int questionClass = reader.u16();
            byte[] raw = Arrays.copyOfRange(message, HEADER_BYTES, reader.position());
            Optional<Edns> edns = edns(authorities, additionals);
            Query query = new Query(
                    id, recursionDesired(), new Question(name, type), raw, edns.map(found -> found.answerBytes));
            if (edns.isPresent() && edns.get().version != 0) {
                return refused(Rcode.BADVERS, Optional.of(query));
            }
            boolean transfer = type == RecordType.AXFR.number() || type == RecordType.IXFR.number();
            return transfer || questionClass != CLASS_IN
                    ? refused(Rcode.REFUSED, Optional.of(query))
                    : new Received.Asked(query);
        }

        private record Edns(int answerBytes, int version) {}

        /// Skips the records behind the question, of which only OPT means something in a query (RFC 6891, 6.1).
        private Optional<Edns> edns(int authorities, int additionals) throws MalformedException {
            Optional<Edns> found = Optional.empty();
            for (int i = 0; i < authorities + additionals; i++) {
                DnsName owner = reader.name();
                int type = reader.u16();
                int answerBytes = reader.u16();
                long extended = reader.u32();
                reader.take(reader.u16());
                if (type == RecordType.OPT.number() && i >= authorities) {
                    if (found.isPresent() || !owner.isRoot()) {
                        throw new MalformedException("two OPT records, or one below the root");
                    }
                    found = Optional.of(new Edns(answerBytes, (int) (extended >>> 16 & 0xff)));
                }
            }
            return found;
        }

        private int opcode() {
            return flags >>> 11 & 0xf;
        }

        private boolean recursionDesired() {
            return (flags & RECURSION_DESIRED_FLAG) != 0;
        }

        private Received refused(Rcode rcode, Optional<Query> query) {
            return new Received.Refused(id, opcode(), recursionDesired(), rcode, query);
        }
    }
}
