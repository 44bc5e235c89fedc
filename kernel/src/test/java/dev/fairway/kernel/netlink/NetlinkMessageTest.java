package dev.fairway.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.kernel.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetlinkMessageTest {

    @Test
    void whatIsWrittenIsRead() {
        MessageWriter writer = new MessageWriter()
                .begin(7, NetlinkMessage.REQUEST, 42)
                .u32(0xcafe)
                .attributeU8(1, 200)
                .attributeU16(2, 60_000)
                .attributeU32(3, -5)
                .attributeU16Network(4, 0x1234)
                .attributeU32Network(5, 0x12345678)
                .attributeU64Network(6, 0x0102030405060708L)
                .attributeText(7, "grüße");
        writer.nested(8, () -> writer.attributeU32(1, 11).attribute(2));
        writer.end().begin(8, 0, 43).end();

        List<NetlinkMessage> messages = split(writer.toBytes());

        assertThat(messages).extracting(NetlinkMessage::type).containsExactly(7, 8);
        assertThat(messages).extracting(NetlinkMessage::sequence).containsExactly(42, 43);
        AttributeReader attributes = messages.getFirst().attributes(4);
        assertThat(messages.getFirst().payload().getInt(0)).isEqualTo(0xcafe);
        assertThat(attributes.get(1).u8()).isEqualTo(200);
        assertThat(attributes.get(2).u16()).isEqualTo(60_000);
        assertThat(attributes.get(3).u32()).isEqualTo(-5);
        assertThat(attributes.get(4).u16Network()).isEqualTo(0x1234);
        assertThat(attributes.get(4).toBytes()).containsExactly(0x12, 0x34);
        assertThat(attributes.get(5).u32Network()).isEqualTo(0x12345678);
        assertThat(attributes.get(6).u64Network()).isEqualTo(0x0102030405060708L);
        assertThat(attributes.get(7).text()).isEqualTo("grüße");
        assertThat(attributes.get(8).nested().get(1).u32()).isEqualTo(11);
        assertThat(attributes.get(8).nested().get(2).toBytes()).isEmpty();
        assertThatThrownBy(() -> attributes.get(9)).hasMessage("netlink attribute 9 is missing");
    }

    @Test
    void anAttributeThatItsLengthCannotSayIsRefused() {
        MessageWriter writer = new MessageWriter().begin(1, 0, 1);
        assertThatThrownBy(() -> writer.attribute(1, new byte[65_532]))
                .hasMessage("a netlink attribute of 65536 bytes is too long");
    }

    /// Words as they arrive on a little-endian machine, read in that order everywhere.
    @ParameterizedTest
    @CsvSource({
        // error -17, capped, with text and offset
        "efffffff 28000000 10000506 07000000 00000000 08000100 62616400 08000200 14000000, 0x300, 17, bad, 20",
        // the same, with the whole request of 24 bytes repeated
        "efffffff 18000000 10000506 07000000 00000000 01020304 05060708 08000100 62616400, 0x200, 17, bad, 0",
        "00000000 28000000 10000506 07000000 00000000, 0x100, 0, '', 0",
        "eaffffff 28000000 10000506 07000000 00000000, 0x000, 22, '', 0",
        // cut short
        "eaffffff, 0x300, 22, '', 0",
        "efffffff ffff0000 10000506 07000000 00000000, 0x200, 17, '', 0",
    })
    void errorsTellNumberTextAndPlace(String words, String flags, int errno, String text, int offset) {
        byte[] payload = HexFormat.of().parseHex(words.replace(" ", ""));
        NetlinkMessage message = new NetlinkMessage(
                NetlinkMessage.ERROR,
                Integer.decode(flags),
                7,
                0,
                ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN));
        assertThat(NetlinkError.of(message)).isEqualTo(new NetlinkError(7, new Errno(errno), text, offset));
    }

    @Test
    void noiseIsReadWithoutAnException() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(120)];
            random.nextBytes(noise);
            if (noise.length > 16 && random.nextBoolean()) {
                noise[0] = (byte) noise.length; // a plausible length, so that the payload is looked at
                noise[1] = 0;
                noise[2] = 0;
                noise[3] = 0;
            }
            for (NetlinkMessage message : split(noise)) {
                assertThat(NetlinkError.of(message)).as("seed " + seed).isNotNull();
                message.attributes(0).forEach(attribute -> attribute.nested().forEach(AttributeReader.Attribute::text));
            }
        }
    }

    private static List<NetlinkMessage> split(byte[] bytes) {
        return NetlinkMessage.split(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    }
}
