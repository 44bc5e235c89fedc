package dev.fairway.app.doctor;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.kernel.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// Asks a name server one question (RFC 1035) from within a network namespace and says how it ended, in a few words.
final class DnsProbe {

    static final String FOUND = "NOERROR with an answer";
    static final String NO_NAME = "NXDOMAIN";

    private static final int PORT = 53;
    private static final int PATIENCE_MILLIS = 1500;
    private static final int MESSAGE_MAX = 4096;
    private static final int ID = 0x4657;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int TYPE_A = 1;
    private static final int TYPE_AAAA = 28;
    private static final int CLASS_IN = 1;

    /// How the question travels.
    enum Transport {
        UDP,
        TCP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private DnsProbe() {}

    /// @param name absolute, without the dot at its end; asked for addresses of the server's family
    static String ask(NetworkNamespace from, IpAddress server, Transport transport, String name) {
        byte[] question = question(name, server.family());
        try {
            InetAddress address = InetAddress.getByName(server.toString());
            return from.<String, IOException>call(() -> verdict(
                    switch (transport) {
                        case UDP -> overUdp(address, question);
                        case TCP -> overTcp(address, question);
                    }));
        } catch (IOException e) {
            return "no answer: " + e.getMessage();
        }
    }

    private static byte[] overUdp(InetAddress server, byte[] question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server, PORT);
            socket.send(new DatagramPacket(question, question.length));
            DatagramPacket answer = new DatagramPacket(new byte[MESSAGE_MAX], MESSAGE_MAX);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }

    private static byte[] overTcp(InetAddress server, byte[] question) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(server, PORT), PATIENCE_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            byte[] message = new byte[question.length + Short.BYTES];
            message[0] = (byte) (question.length >> Byte.SIZE);
            message[1] = (byte) question.length;
            System.arraycopy(question, 0, message, Short.BYTES, question.length);
            out.write(message);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            return in.readNBytes(in.readUnsignedShort());
        }
    }

    private static byte[] question(String name, IpFamily family) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        shorts(bytes, ID, RECURSION_DESIRED, 1, 0, 0, 0);
        for (String label : name.split("\\.")) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.write(0);
        shorts(bytes, family == IpFamily.IPV4 ? TYPE_A : TYPE_AAAA, CLASS_IN);
        return bytes.toByteArray();
    }

    private static void shorts(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.write(value >> Byte.SIZE);
            out.write(value);
        }
    }

    private static String verdict(byte[] message) {
        if (message.length < 12 || unsigned(message, 0) != ID) {
            return "no DNS message came back";
        }
        int rcode = message[3] & 0xf;
        return switch (rcode) {
            case 0 -> unsigned(message, 6) > 0 ? FOUND : "NOERROR without an answer";
            case 2 -> "SERVFAIL";
            case 3 -> NO_NAME;
            case 5 -> "REFUSED";
            default -> "code " + rcode;
        };
    }

    private static int unsigned(byte[] message, int at) {
        return (message[at] & 0xff) << Byte.SIZE | message[at + 1] & 0xff;
    }
}
