package dev.fairway.node.pod;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One HTTP/1.1 connection of the echo server (RFC 9112): every request is answered with the same text, whatever its
/// method and path. Requests may be pipelined and may have bodies, which are read and dropped.
///
/// ```
/// read head -> drop body -> answer -> again, until the client or the answer closes the connection
/// ```
final class EchoHttp {

    private static final int HEAD_BYTES_MAX = 16 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] body;

    EchoHttp(InputStream in, OutputStream out, String text) {
        this.in = new BufferedInputStream(in, 4096);
        this.out = new BufferedOutputStream(out, 4096);
        this.body = text.getBytes(StandardCharsets.UTF_8);
    }

    /// What a request's head says that matters here.
    private record Head(String method, boolean http10, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        boolean keepsAlive() {
            String connection = header("connection").toLowerCase(Locale.ROOT);
            return http10 ? connection.contains("keep-alive") : !connection.contains("close");
        }
    }

    /// A request that breaks the protocol.
    private static final class BadRequest extends Exception {
        private static final long serialVersionUID = 1L;

        final String status;

        BadRequest(String status) {
            super(status, null, false, false);
            this.status = status;
        }
    }

    /// Answers requests until the connection ends.
    void serve() throws IOException {
        try {
            while (serveOne()) {
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (BadRequest bad) {
            write(bad.status, (bad.status + "\n").getBytes(StandardCharsets.US_ASCII), true, false);
        }
        out.flush();
    }

    private boolean serveOne() throws IOException, BadRequest {
        String text = readHead();
        if (text.isEmpty()) {
            return false;
        }
        Head head = parse(text);
        if (head.header("expect").equalsIgnoreCase("100-continue")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        dropBody(head);
        write("200 OK", body, !head.keepsAlive(), head.method().equals("HEAD"));
        return head.keepsAlive();
    }

    private void write(String status, byte[] content, boolean close, boolean headOnly) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + content.length + "\r\n" + (close ? "Connection: close\r\n" : "") + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        if (!headOnly) {
            out.write(content);
        }
    }

    /// Request line and header lines; empty when the client closed before one began. Blank lines before it are skipped
    /// (RFC 9112, 2.2).
    private String readHead() throws IOException, BadRequest {
        StringBuilder head = new StringBuilder(256);
        while (true) {
            int c = in.read();
            if (c < 0) {
                return "";
            }
            if (head.isEmpty() && (c == '\r' || c == '\n')) {
                continue;
            }
            head.append((char) c);
            if (c == '\n' && endsHead(head)) {
                return head.toString();
            }
            if (head.length() > HEAD_BYTES_MAX) {
                throw new BadRequest("431 Request Header Fields Too Large");
            }
        }
    }

    private static boolean endsHead(StringBuilder head) {
        int end = head.length();
        return end >= 2 && head.charAt(end - 2) == '\n'
                || end >= 4 && head.substring(end - 4).equals("\r\n\r\n");
    }

    private static Head parse(String text) throws BadRequest {
        String[] lines = text.split("\r?\n");
        String[] request = lines[0].split(" ");
        if (request.length != 3 || !request[2].matches("HTTP/1\\.[0-9]") || !request[0].matches("[!-~]+")) {
            throw new BadRequest("400 Bad Request");
        }
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0) {
                throw new BadRequest("400 Bad Request");
            }
            String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
            headers.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
        }
        return new Head(request[0], request[2].equals("HTTP/1.0"), headers);
    }

    private void dropBody(Head head) throws IOException, BadRequest {
        if (head.headers().containsKey("transfer-encoding")) {
            if (!head.header("transfer-encoding").equalsIgnoreCase("chunked")) {
                throw new BadRequest("501 Not Implemented");
            }
            dropChunks();
        } else if (head.headers().containsKey("content-length")) {
            drop(number(head.header("content-length"), 10));
        }
    }

    private void dropChunks() throws IOException, BadRequest {
        long size = number(line().replaceFirst(";.*", "").strip(), 16);
        while (size > 0) {
            drop(size);
            if (!line().isEmpty()) {
                throw new BadRequest("400 Bad Request");
            }
            size = number(line().replaceFirst(";.*", "").strip(), 16);
        }
        while (!line().isEmpty()) {
            // trailer fields are dropped too
        }
    }

    private static long number(String text, int radix) throws BadRequest {
        if (!text.matches(radix == 10 ? "[0-9]{1,18}" : "[0-9a-fA-F]{1,15}")) {
            throw new BadRequest("400 Bad Request");
        }
        return Long.parseLong(text, radix);
    }

    private void drop(long count) throws IOException {
        in.skipNBytes(count);
    }

    private String line() throws IOException, BadRequest {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > HEAD_BYTES_MAX) {
                throw new BadRequest("400 Bad Request");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
