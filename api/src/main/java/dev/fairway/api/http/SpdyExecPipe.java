package dev.fairway.api.http;

import dev.fairway.schema.client.PodAccess.ExecOptions;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A command's streams as kubectl up to 1.30 and client-go's SPDY executor have them: one SPDY stream for each, named
/// by
/// its header `streamtype`. To [ExecChannels] it looks like the WebSocket form, whose messages begin with a number.
final class SpdyExecPipe implements SocketPipe {

    static final String PROTOCOL = "v4.channel.k8s.io";

    private static final Logger LOG = LoggerFactory.getLogger(SpdyExecPipe.class);

    /// A stream's place is its number in messages.
    private static final List<String> NAMES = List.of("stdin", "stdout", "stderr", "error", "resize");

    private static final byte[] NOTHING = {};

    private final SocketPipe pipe;
    private final SpdyLink link;
    private final Map<String, Integer> streams = new HashMap<>();

    /// Messages that nobody has read yet.
    private final Queue<byte[]> taken = new ArrayDeque<>();

    private SpdyExecPipe(SocketPipe pipe) {
        this.pipe = pipe;
        this.link = new SpdyLink(pipe);
    }

    /// Runs the command once the client has opened all the streams that its request announced.
    ///
    /// @throws IOException when it leaves before, or speaks something else
    static void serve(SocketPipe pipe, ExecOptions options, Reply.SocketRun command)
            throws IOException, InterruptedException {
        SpdyExecPipe exec = new SpdyExecPipe(pipe);
        try {
            exec.awaitStreams(options);
            command.run(exec);
            exec.finish();
        } finally {
            exec.link.close();
        }
    }

    private void awaitStreams(ExecOptions options) throws IOException, InterruptedException {
        Set<String> awaited = awaited(options);
        while (!awaited.isEmpty()) {
            SpdyFrame frame = link.read().orElseThrow(() -> new IOException("the client left"));
            if (frame instanceof SpdySynStreamFrame opened) {
                awaited.remove(open(opened));
            } else {
                take(frame);
            }
        }
    }

    private static Set<String> awaited(ExecOptions options) {
        Set<String> names = new HashSet<>(Set.of("error"));
        if (options.stdin()) {
            names.add("stdin");
        }
        if (options.stdout()) {
            names.add("stdout");
        }
        if (options.stderr() && !options.tty()) {
            names.add("stderr");
        }
        if (options.tty()) {
            names.add("resize");
        }
        return names;
    }

    private String open(SpdySynStreamFrame opened) throws IOException, InterruptedException {
        String name = SpdyLink.header(opened, "streamtype");
        streams.put(name, opened.streamId());
        link.accept(opened);
        return name;
    }

    @Override
    public Optional<byte[]> read() throws InterruptedException {
        try {
            while (taken.isEmpty()) {
                Optional<SpdyFrame> frame = link.read();
                if (frame.isEmpty()) {
                    return Optional.empty();
                }
                take(frame.get());
            }
        } catch (IOException e) {
            LOG.debug("a command's client left: {}", e.toString());
        }
        return Optional.ofNullable(taken.poll());
    }

    /// Frames other than data mean nothing to a command.
    private void take(SpdyFrame frame) {
        if (frame instanceof SpdyDataFrame data) {
            int number = number(data.streamId());
            byte[] bytes = ByteBufUtil.getBytes(data.content());
            data.release();
            if (number >= 0 && bytes.length > 0) {
                taken.add(prefixed(number, bytes));
            }
            if (number >= 0 && data.isLast()) {
                taken.add(new byte[] {(byte) ExecChannels.CLOSE, (byte) number});
            }
        }
    }

    private int number(int stream) {
        return NAMES.stream()
                .filter(name -> streams.getOrDefault(name, 0) == stream)
                .findFirst()
                .map(NAMES::indexOf)
                .orElse(-1);
    }

    private static byte[] prefixed(int number, byte[] bytes) {
        byte[] message = new byte[bytes.length + 1];
        message[0] = (byte) number;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        return message;
    }

    @Override
    public void write(byte[] message) throws IOException, InterruptedException {
        if (message.length > 1) {
            String name = NAMES.get(message[0]);
            link.send(streams.getOrDefault(name, 0), Arrays.copyOfRange(message, 1, message.length), false);
        }
    }

    @Override
    public void writeText(byte[] utf8) throws IOException, InterruptedException {
        write(utf8);
    }

    @Override
    public String protocol() {
        return PROTOCOL;
    }

    @Override
    public boolean isClosed() {
        return pipe.isClosed();
    }

    @Override
    public void onClose(Runnable action) {
        pipe.onClose(action);
    }

    /// Ends what the server writes: clients read their streams to the end.
    private void finish() throws InterruptedException {
        try {
            for (String name : List.of("stdout", "stderr", "error")) {
                link.send(streams.getOrDefault(name, 0), NOTHING, true);
            }
        } catch (IOException e) {
            LOG.debug("a command's client left before its end: {}", e.toString());
        }
    }
}
