package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.ExecSession;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what is wanted of a pod on a node of this process: the node has the streams, here they get the form that the
/// client speaks.
///
/// @param nodeName for messages
record PodStreams(PodAccess node, String nodeName, PodRef pod) {

    private static final Set<String> FORWARD_PROTOCOLS = Set.of(SpdyTunnel.PROTOCOL, PortChannels.PROTOCOL);

    private static final Logger LOG = LoggerFactory.getLogger(PodStreams.class);

    Reply answer(Call call, PodTask task) {
        return switch (task) {
            case PodTask.Log log -> log(log.options());
            case PodTask.Exec exec -> session(call, exec.options(), "exec", () -> node.exec(pod, exec.options()));
            case PodTask.Attach attach ->
                session(call, attach.options(), "attach", () -> node.attach(pod, attach.options()));
            case PodTask.Forward forward -> forward(call, forward.ports());
        };
    }

    private ApiException failed(String what, IOException e) {
        String text = "pod " + pod.namespace() + "/" + pod.name() + ": " + what + " failed on node " + nodeName + ": "
                + e.getMessage();
        return new ApiException(500, "InternalError", text);
    }

    private Reply log(LogOptions options) {
        try {
            InputStream log = node.logs(pod, options);
            return new Reply.Stream("text/plain", pipe -> copy(log, pipe));
        } catch (IOException e) {
            throw failed("log", e);
        }
    }

    private static void copy(InputStream log, Pipe pipe) throws InterruptedException {
        pipe.onClose(() -> close(log));
        try (log) {
            byte[] buffer = new byte[32 * 1024];
            int count = log.read(buffer);
            while (count >= 0) {
                pipe.write(Arrays.copyOf(buffer, count));
                count = log.read(buffer);
            }
        } catch (IOException e) {
            // Either end may leave while a log is followed; the reply just ends.
            return;
        }
    }

    private static void close(InputStream log) {
        try {
            log.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Start {
        ExecSession start() throws IOException;
    }

    private Reply session(Call call, ExecOptions options, String what, Start start) {
        // Started after the upgrade: a refused upgrade makes kubectl try an older protocol and hide the true error.
        Reply.SocketRun run = pipe -> {
            ExecChannels channels = new ExecChannels(pipe, options);
            try {
                channels.run(start.start());
            } catch (ApiException e) {
                channels.refuse(e);
            } catch (IOException e) {
                channels.refuse(failed(what, e));
            }
        };
        return call.wantsWebSocket()
                ? new Reply.Socket(HastyClients.given(call.header("User-Agent"), run))
                : spdySession(call, options, run);
    }

    private static Reply spdySession(Call call, ExecOptions options, Reply.SocketRun run) {
        return new Reply.Spdy(spdyProtocol(call, SpdyExecPipe.PROTOCOL), bytes -> {
            try {
                SpdyExecPipe.serve(bytes, options, run);
            } catch (IOException e) {
                LOG.debug("a command was not started: {}", e.toString());
            }
        });
    }

    private Reply forward(Call call, List<Integer> ports) {
        if (!call.wantsWebSocket()) {
            return new Reply.Spdy(
                    spdyProtocol(call, SpdyTunnel.BARE_PROTOCOL),
                    pipe -> new SpdyTunnel(pipe, port -> node.connect(pod, port)).run());
        }
        String asked = call.header("Sec-WebSocket-Protocol");
        if (FORWARD_PROTOCOLS.stream().noneMatch(asked::contains)) {
            throw Refusal.badRequest("no supported WebSocket subprotocol in \"" + asked + "\"; one of "
                    + SpdyTunnel.PROTOCOL + ", " + PortChannels.PROTOCOL);
        }
        return new Reply.Socket(pipe -> {
            if (pipe.protocol().equals(SpdyTunnel.PROTOCOL)) {
                new SpdyTunnel(pipe, port -> node.connect(pod, port)).run();
            } else {
                new PortChannels(pipe, port -> node.connect(pod, port)).run(ports);
            }
        });
    }

    /// What the streams of a SPDY connection mean, of what the client offers.
    private static String spdyProtocol(Call call, String ours) {
        if (!call.wantsSpdy()) {
            throw Refusal.badRequest("Upgrade request required");
        }
        List<String> offered = List.of(call.header("X-Stream-Protocol-Version").split(", *"));
        if (!offered.contains(ours)) {
            String text = "unable to upgrade: unable to negotiate protocol: client supports " + offered
                    + ", server accepts [" + ours + "]";
            throw new ApiException(403, "Forbidden", text);
        }
        return ours;
    }
}
