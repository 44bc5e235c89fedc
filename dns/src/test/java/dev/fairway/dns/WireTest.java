package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.dns.Responder.Response;
import dev.fairway.dns.Responder.Transport;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Our bytes, read and written by another implementation (dnsjava).
class WireTest {

    private static final Zone BIG = Zone.empty(Zones.SETTINGS)
            .next(dev.fairway.table.ServiceTable.of(
                    1,
                    List.of(Zones.headless(
                            "default/big",
                            IntStream.range(0, 5000)
                                    .mapToObj(i -> "=10.244.%d.%d:sql/1".formatted(i / 250, i % 250))
                                    .collect(Collectors.joining(" ")))),
                    List.of("default")));

    private final Responder responder = responder(Zones.ZONE);

    private static Responder responder(Zone zone) {
        Forwarder forwarder = new Forwarder(List.of(), (_, _, _) -> Answer.of(dev.fairway.dns.Rcode.REFUSED), () -> 0);
        return new Responder(() -> zone, forwarder);
    }

    @Test
    void anAnswerRepeatsIdentifierQuestionAndCase() throws IOException {
        Message query = query("WeB.default.SVC.cluster.local.", Type.A);

        Message answer = ask(responder, query, Transport.UDP);

        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(answer.getQuestion().getName()).hasToString("WeB.default.SVC.cluster.local.");
        assertThat(answer.getSection(Section.ANSWER))
                .singleElement()
                .hasToString("WeB.default.SVC.cluster.local.\t5\tIN\tA\t10.96.0.5");
        assertThat(flags(answer)).isEqualTo("qr aa rd");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            _sql._tcp.db.default.svc.cluster.local. | SRV | 3 | 0 | 3
            cluster.local.                          | SOA | 1 | 0 | 0
            cluster.local.                          | NS  | 1 | 0 | 2
            dns-version.cluster.local.              | TXT | 1 | 0 | 0
            5.0.96.10.in-addr.arpa.                 | PTR | 1 | 0 | 0
            inner.default.svc.cluster.local.        | A   | 2 | 0 | 0
            nothing.default.svc.cluster.local.      | A   | 0 | 1 | 0
            """)
    void everyKindOfRecordIsUnderstood(String name, String type, int answers, int authority, int additional)
            throws IOException {
        Message answer = ask(responder, query(name, Type.value(type)), Transport.UDP);

        assertThat(answer.getSection(Section.ANSWER)).hasSize(answers);
        assertThat(answer.getSection(Section.AUTHORITY)).hasSize(authority);
        assertThat(answer.getSection(Section.ADDITIONAL)).hasSize(additional);
        // Written and read again, it is the same: nothing was lost in compression.
        assertThat(new Message(answer.toWire())).hasToString(answer.toString());
    }

    @Test
    void explainsDenialsToClientsThatSpeakEdns() throws IOException {
        Message query = query("none.default.svc.cluster.local.", Type.A);
        assertThat(ask(responder, query, Transport.UDP).getOPT()).isNull();
        query.addRecord(new OPTRecord(1400, 0, 0), Section.ADDITIONAL);

        Message answer = ask(responder, query, Transport.UDP);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
        assertThat(answer.getOPT().getPayloadSize()).isEqualTo(1232);
        assertThat(answer.getOPT().getOptions())
                .singleElement()
                .satisfies(option -> assertThat(((ExtendedErrorCodeOption) option).getText())
                        .isEqualTo("no Service none in namespace default"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            UDP | -     | 512   | true
            UDP | 100   | 512   | true
            UDP | 1000  | 1000  | true
            UDP | 65535 | 1232  | true
            TCP | -     | 65535 | true
            """)
    void bigAnswersAreCutAtTheLimit(Transport transport, Integer edns, int limit, boolean truncated)
            throws IOException {
        Message query = query("big.default.svc.cluster.local.", Type.A);
        if (edns != null) {
            query.addRecord(new OPTRecord(edns, 0, 0), Section.ADDITIONAL);
        }

        byte[] bytes = respond(responder(BIG), query.toWire(), transport);

        assertThat(bytes.length).isBetween(limit - 40, limit);
        Message answer = new Message(bytes);
        assertThat(answer.getHeader().getFlag(Flags.TC)).isEqualTo(truncated);
        assertThat(answer.getSection(Section.ANSWER)).hasSizeGreaterThan(limit / 20);
    }

    @Test
    void hundredsOfEndpointsAreWholeOverTcp() throws IOException {
        Zone zone = Zone.empty(Zones.SETTINGS)
                .next(dev.fairway.table.ServiceTable.of(
                        1,
                        List.of(Zones.headless(
                                "default/big",
                                IntStream.range(0, 2000)
                                        .mapToObj(i -> "=10.244.%d.%d:".formatted(i / 250, i % 250))
                                        .collect(Collectors.joining(" ")))),
                        List.of("default")));

        Message answer = ask(responder(zone), query("big.default.svc.cluster.local.", Type.A), Transport.TCP);

        assertThat(answer.getSection(Section.ANSWER)).hasSize(2000).doesNotHaveDuplicates();
        assertThat(answer.getHeader().getFlag(Flags.TC)).isFalse();
    }

    @Test
    void transfersAndOtherClassesAreRefused() throws IOException {
        assertThat(rcode(query("cluster.local.", Type.AXFR))).isEqualTo(Rcode.REFUSED);
        assertThat(rcode(Message.newQuery(Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CH))))
                .isEqualTo(Rcode.REFUSED);
    }

    @Test
    void otherOperationsAreNotImplemented() throws IOException {
        Message update = query("cluster.local.", Type.SOA);
        update.getHeader().setOpcode(Opcode.UPDATE);

        assertThat(rcode(update)).isEqualTo(Rcode.NOTIMP);
    }

    @Test
    void laterVersionsOfEdnsAreRefusedByVersion() throws IOException {
        Message query = query("cluster.local.", Type.SOA);
        query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);

        assertThat(rcode(query)).isEqualTo(Rcode.BADVERS);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            empty                   |                                                        | -
            half a header           | 1234 0100 0001                                         | -
            an answer               | 1234 8100 0001 0000 0000 0000 00 0001 0001             | -
            no question             | 1234 0100 0000 0000 0000 0000                          | FORMERR
            two questions           | 1234 0100 0002 0000 0000 0000 00 0001 0001 00 0001 0001 | FORMERR
            question cut            | 1234 0100 0001 0000 0000 0000 03 6162                  | FORMERR
            pointer in the question | 1234 0100 0001 0000 0000 0000 c00c 0001 0001           | FORMERR
            record missing          | 1234 0100 0001 0000 0000 0001 00 0001 0001             | FORMERR
            two OPT records | 1234 0100 0001 0000 0000 0002 00 0002 0001 00 0029 04d0 00000000 0000 00 0029 04d0 00000000 0000 | FORMERR
            """)
    void brokenMessagesGetAnErrorOrSilence(String what, String hex, String rcode) throws IOException {
        byte[] message = HexFormat.of().parseHex(hex == null ? "" : hex.replace(" ", ""));
        Response response = responder.respond(message, Transport.UDP);

        if (rcode == null) {
            assertThat(response).as(what).isInstanceOf(Response.Nothing.class);
        } else {
            Header header = new Message(((Response.Now) response).message()).getHeader();
            assertThat(Rcode.string(header.getRcode())).isEqualTo(rcode);
            assertThat(header.getID()).isEqualTo(0x1234);
        }
    }

    @Test
    void randomAndDamagedBytesNeverHurt() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<byte[]> good = List.of(
                query("web.default.svc.cluster.local.", Type.A).toWire(),
                query("_sql._tcp.db.default.svc.cluster.local.", Type.SRV).toWire(),
                query("5.0.96.10.in-addr.arpa.", Type.PTR).toWire());
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = random.nextBoolean() ? noise(random) : damaged(good.get(random.nextInt(3)), random);
            try {
                if (responder.respond(bytes, Transport.UDP) instanceof Response.Now(byte[] answer)) {
                    new Message(answer);
                }
                ReplyReader.read(
                        bytes,
                        (bytes.length > 1 ? (bytes[0] & 0xff) << 8 | bytes[1] & 0xff : 0),
                        Question.of(DnsName.parse("web.default.svc.cluster.local"), RecordType.A));
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(
                        "seed %d, message %s".formatted(seed, HexFormat.of().formatHex(bytes)), e);
            }
        }
    }

    @Test
    void damagedRepliesAreRefusedOrReadButNeverHurt() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Message query = query("_sql._tcp.db.default.svc.cluster.local.", Type.SRV);
        byte[] reply = respond(responder, query.toWire(), Transport.TCP);
        Question question = Question.of(DnsName.parse("_sql._tcp.db.default.svc.cluster.local"), RecordType.SRV);
        assertThat(ReplyReader.read(reply, query.getHeader().getID(), question)).isPresent();
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = damaged(reply, random);
            try {
                ReplyReader.read(bytes, query.getHeader().getID(), question);
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed %d, message %s".formatted(seed, HexFormat.of().formatHex(bytes)), e);
            }
        }
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damaged(byte[] good, Random random) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
        for (int changes = random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private int rcode(Message query) throws IOException {
        return ask(responder, query, Transport.UDP).getRcode();
    }

    private static Message query(String name, int type) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
    }

    private static Message ask(Responder responder, Message query, Transport transport) throws IOException {
        return new Message(respond(responder, query.toWire(), transport));
    }

    private static byte[] respond(Responder responder, byte[] query, Transport transport) {
        return ((Response.Now) responder.respond(query, transport)).message();
    }

    private static String flags(Message message) {
        return message.getHeader().printFlags().strip();
    }
}
