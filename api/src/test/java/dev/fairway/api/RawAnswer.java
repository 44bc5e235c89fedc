package dev.fairway.api;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The answer to one request as it came over the connection. The body of one that has no length, such as a watch, is
/// left where it is.
record RawAnswer(int code, boolean isJson, String body) {

    /// @throws EOFException when the connection ended before
    static RawAnswer read(InputStream in) throws IOException {
        String[] words = line(in).split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9]{2}")) {
            throw new AssertionError("not an answer: " + String.join(" ", words));
        }
        int length = 0;
        boolean json = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String[] parts = header.toLowerCase(Locale.ROOT).split(":", 2);
            String value = parts[parts.length - 1].strip();
            switch (parts[0]) {
                case "content-length" -> length = Integer.parseInt(value);
                case "content-type" -> json = value.startsWith("application/json");
                default -> {}
            }
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new RawAnswer(Integer.parseInt(words[1]), json && length > 0, body);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended in a line");
            }
            out.write(next);
        }
        return out.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
