package dev.fairway.node.pod;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One question of the gRPC health protocol (`grpc.health.v1.Health/Check`) over plain HTTP/2 (RFC 9113): a client that
/// asks once, reads the one answer and hangs up, so it needs no flow control and no header decoding.
final class GrpcHealth {

    /// What a server says of a service (`HealthCheckResponse.ServingStatus`).
    enum Status {
        UNKNOWN,
        SERVING,
        NOT_SERVING,
        SERVICE_UNKNOWN
    }

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int STREAM = 1;
    private static final int FRAME_BYTES_MAX = 1 << 14;
    private static final int FRAMES_MAX = 100;

    private GrpcHealth() {}

    /// @return empty when the server answers with an error: it has no health service, or does not know this one
    static Optional<Status> ask(InputStream in, OutputStream out, String authority, String service) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        frame(request, SETTINGS, 0, 0, new byte[0]);
        frame(request, HEADERS, END_HEADERS, STREAM, headers(authority));
        frame(request, DATA, END_STREAM, STREAM, message(service));
        out.write(request.toByteArray());
        out.flush();
        return answer(new DataInputStream(in), out);
    }

    private static Optional<Status> answer(DataInputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (int count = 0; count < FRAMES_MAX; count++) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            in.readInt();
            if (length > FRAME_BYTES_MAX) {
                throw new IOException("malformed HTTP/2 response");
            }
            byte[] payload = in.readNBytes(length);
            switch (type) {
                case SETTINGS -> reply(out, SETTINGS, flags, new byte[0]);
                case PING -> reply(out, PING, flags, payload);
                case DATA -> data.write(withoutPadding(payload, flags));
                case RESET, GO_AWAY -> throw new IOException("the server ended the stream");
                default -> {
                    // headers and window updates say nothing that is needed
                }
            }
            if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                return status(data.toByteArray());
            }
        }
        throw new IOException("no answer in " + FRAMES_MAX + " frames");
    }

    private static void reply(OutputStream out, int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            frame(reply, type, ACK, 0, payload);
            out.write(reply.toByteArray());
            out.flush();
        }
    }

    private static byte[] withoutPadding(byte[] payload, int flags) throws IOException {
        if ((flags & PADDED) == 0) {
            return payload;
        }
        int padding = payload.length == 0 ? 0 : payload[0] & 0xff;
        if (padding >= payload.length) {
            throw new IOException("malformed HTTP/2 response");
        }
        return java.util.Arrays.copyOfRange(payload, 1, payload.length - padding);
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(9)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.writeBytes(payload);
    }

    /// HPACK (RFC 7541) without compression; 0x83 and 0x86 are `:method POST` and `:scheme http` of its static table.
    private static byte[] headers(String authority) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83);
        out.write(0x86);
        header(out, ":path", "/grpc.health.v1.Health/Check");
        header(out, ":authority", authority);
        header(out, "content-type", "application/grpc");
        header(out, "te", "trailers");
        header(out, "user-agent", "kube-probe/fairway");
        return out.toByteArray();
    }

    private static void header(ByteArrayOutputStream out, String name, String value) {
        out.write(0);
        text(out, name);
        text(out, value);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= 127) {
            throw new IllegalArgumentException("header text is too long: " + text);
        }
        out.write(bytes.length);
        out.writeBytes(bytes);
    }

    /// A gRPC message: not compressed, its length, then `HealthCheckRequest{service = 1}`.
    private static byte[] message(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (name.length > 0) {
            body.write(0x0a);
            for (int left = name.length; ; left >>>= 7) {
                body.write(left > 127 ? left & 127 | 128 : left);
                if (left <= 127) {
                    break;
                }
            }
            body.writeBytes(name);
        }
        return ByteBuffer.allocate(5 + body.size())
                .put((byte) 0)
                .putInt(body.size())
                .put(body.toByteArray())
                .array();
    }

    /// `HealthCheckResponse{status = 1}`; an absent status is 0.
    private static Optional<Status> status(byte[] message) {
        if (message.length < 5) {
            return Optional.empty();
        }
        int number = message.length >= 7 && message[5] == 0x08 ? message[6] : 0;
        return number >= 0 && number < Status.values().length
                ? Optional.of(Status.values()[number])
                : Optional.of(Status.UNKNOWN);
    }
}
