package dev.fairway.api.http;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.ExecSession;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// A running command behind a WebSocket (`v4.channel.k8s.io`, `v5.channel.k8s.io`) or what looks like one: the first
/// byte
/// of each message says which stream it belongs to.
final class ExecChannels {

    private static final Logger LOG = LoggerFactory.getLogger(ExecChannels.class);

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;

    /// Version 5 only: the other side closes the stream named by the second byte.
    static final int CLOSE = 255;

    private static final int CHUNK_BYTES = 32 * 1024;

    private final SocketPipe pipe;
    private final ExecOptions options;

    ExecChannels(SocketPipe pipe, ExecOptions options) {
        this.pipe = pipe;
        this.options = options;
    }

    /// The command could not be started.
    void refuse(ApiException e) throws InterruptedException {
        byte[] status = Json.toBytes(StatusTree.of(e));
        try {
            send(ERROR, status, status.length);
        } catch (IOException gone) {
            LOG.debug("a client left before it was told: {}", gone.toString());
        }
    }

    /// Returns when the command has ended or the client is gone.
    void run(ExecSession session) throws InterruptedException {
        pipe.onClose(session::close);
        Thread input = Thread.ofVirtual().name("exec input").start(() -> takeInput(session));
        try (session) {
            // An empty message tells the client that the streams stand.
            send(options.stdout() ? STDOUT : options.stderr() ? STDERR : ERROR, new byte[0], 0);
            Thread errors = Thread.ofVirtual().name("exec errors").start(() -> {
                if (options.stderr() && !options.tty()) {
                    copy(session.errors(), STDERR);
                }
            });
            if (options.stdout()) {
                copy(session.output(), STDOUT);
            }
            errors.join();
            byte[] status = Json.toBytes(status(session.waitFor()));
            send(ERROR, status, status.length);
        } catch (IOException e) {
            LOG.debug("a client left its command: {}", e.toString());
        } finally {
            input.interrupt();
        }
    }

    private void copy(InputStream from, int channel) {
        byte[] buffer = new byte[CHUNK_BYTES];
        try {
            int count = from.read(buffer);
            while (count >= 0) {
                send(channel, buffer, count);
                count = from.read(buffer);
            }
        } catch (IOException e) {
            LOG.debug("stream {} of a command ended: {}", channel, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(int channel, byte[] bytes, int count) throws IOException, InterruptedException {
        byte[] message = new byte[count + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, count);
        pipe.write(message);
    }

    private void takeInput(ExecSession session) {
        try {
            Optional<byte[]> message = pipe.read();
            while (message.isPresent()) {
                take(session, message.get());
                message = pipe.read();
            }
        } catch (IOException e) {
            LOG.debug("a command takes no more input: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(ExecSession session, byte[] message) throws IOException {
        if (message.length == 0) {
            return;
        }
        byte[] payload = Arrays.copyOfRange(message, 1, message.length);
        switch (message[0] & 0xff) {
            case STDIN -> {
                if (options.stdin() && payload.length > 0) {
                    session.input().write(payload);
                    session.input().flush();
                }
            }
            case RESIZE -> resize(session, payload);
            case CLOSE -> {
                if (payload.length == 1 && payload[0] == STDIN) {
                    session.input().close();
                }
            }
            default -> LOG.debug("a message for stream {}, which clients do not write", message[0] & 0xff);
        }
    }

    private static void resize(ExecSession session, byte[] payload) {
        try {
            ObjectNode size = Json.parse(payload);
            session.resize((int) Tree.number(size, 80, "Width"), (int) Tree.number(size, 24, "Height"));
        } catch (IllegalArgumentException e) {
            LOG.debug("a terminal size that cannot be read: {}", e.getMessage());
        }
    }

    private static ObjectNode status(int exit) {
        ObjectNode status = Json.object();
        status.putObject("metadata");
        if (exit == 0) {
            return status.put("status", "Success");
        }
        status.put("status", "Failure")
                .put("reason", "NonZeroExitCode")
                .put("message", "command terminated with non-zero exit code: exit status " + exit);
        status.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "ExitCode")
                .put("message", Integer.toString(exit));
        return status;
    }
}
