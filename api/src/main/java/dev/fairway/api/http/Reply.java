package dev.fairway.api.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What goes back to the client.
sealed interface Reply {

    /// A whole answer.
    ///
    /// @param warnings sentences for `Warning` headers
    /// @param name of the object that a request to its collection was about; empty for others
    record Whole(
            int status,
            String contentType,
            byte[] body,
            Map<String, String> headers,
            List<String> warnings,
            String name)
            implements Reply {
        Whole(int status, String contentType, byte[] body, Map<String, String> headers, List<String> warnings) {
            this(status, contentType, body, headers, warnings, "");
        }

        public Whole {
            headers = Map.copyOf(headers);
            warnings = List.copyOf(warnings);
        }

        Whole withHeaders(Map<String, String> more) {
            return new Whole(status, contentType, body, more, warnings, name);
        }

        Whole about(String object) {
            return new Whole(status, contentType, body, headers, warnings, object);
        }
    }

    /// An answer of success whose body is made while it is sent.
    record Large(String contentType, Body body) implements Reply {}

    interface Body {
        /// @throws IOException when the client is gone
        void write(OutputStream out) throws IOException;
    }

    /// An answer that is written piece by piece on its own thread until `run` returns.
    ///
    /// @param headers may name one header several times
    record Stream(int status, List<Map.Entry<String, String>> headers, Piecewise run) implements Reply {
        public Stream {
            headers = List.copyOf(headers);
        }

        Stream(String contentType, Piecewise run) {
            this(
                    200,
                    List.of(Map.entry("Content-Type", contentType), Map.entry("Cache-Control", "no-cache, private")),
                    run);
        }
    }

    /// A connection that becomes a WebSocket.
    ///
    /// @param abandon called in place of `run` when the connection did not become one
    record Socket(SocketRun run, Runnable abandon) implements Reply {
        Socket(SocketRun run) {
            this(run, () -> {});
        }
    }

    /// A connection that speaks SPDY from here on; `run` gets its bare bytes.
    ///
    /// @param protocol what the streams mean: one of those the client offered
    record Spdy(String protocol, SocketRun run) implements Reply {}

    /// A connection that leaves HTTP behind with an answer 101; `run` gets its bare bytes.
    ///
    /// @param headers of the answer
    /// @param abandon called in place of `run` when the client was gone
    record Tunnel(List<Map.Entry<String, String>> headers, SocketRun run, Runnable abandon) implements Reply {
        public Tunnel {
            headers = List.copyOf(headers);
        }
    }

    interface Piecewise {
        void run(Pipe pipe) throws InterruptedException;
    }

    interface SocketRun {
        void run(SocketPipe pipe) throws InterruptedException;
    }

    static Whole text(int status, String text) {
        return new Whole(
                status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of(), List.of());
    }

    static Whole json(byte[] body) {
        return new Whole(200, "application/json", body, Map.of(), List.of());
    }
}
