package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.PodAccess;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of a running pod: its log, a command in it, a connection to it. The pod's node does the work.
final class PodRoutes {

    private static final Set<String> FORWARD_PROTOCOLS = Set.of(SpdyTunnel.PROTOCOL, PortChannels.PROTOCOL);

    private static final Logger LOG = LoggerFactory.getLogger(PodRoutes.class);

    private final Registry registry;
    private final NodeDirectory nodes;

    PodRoutes(Registry registry, NodeDirectory nodes) {
        this.registry = registry;
        this.nodes = nodes;
    }

    /// @param sub one of `log`, `exec`, `attach`, `portforward`
    Reply answer(Call call, Kind kind, Target.Item item, Subresource sub) {
        ObjectNode pod = registry.get(kind, item.namespace(), item.name());
        PodAccess node = node(pod);
        try {
            return switch (sub) {
                case LOG -> log(call, pod, node);
                case EXEC -> exec(call, pod, node, false);
                case ATTACH -> exec(call, pod, node, true);
                default -> forward(call, pod, node);
            };
        } catch (IOException e) {
            throw failed(pod, sub.path(), e);
        }
    }

    private static ApiException failed(ObjectNode pod, String what, IOException e) {
        String text = "pod " + Meta.key(pod) + ": " + what + " failed on node " + Tree.text(pod, "spec", "nodeName")
                + ": " + e.getMessage();
        return new ApiException(500, "InternalError", text);
    }

    private PodAccess node(ObjectNode pod) {
        String name = Tree.text(pod, "spec", "nodeName");
        if (name.isEmpty()) {
            throw Refusal.badRequest("pod " + Meta.name(pod) + " does not have a host assigned");
        }
        return nodes.node(name)
                .orElseThrow(() -> new ApiException(
                        503,
                        "ServiceUnavailable",
                        "node \"" + name + "\" of pod " + Meta.key(pod) + " is not reachable"));
    }

    private static Reply log(Call call, ObjectNode pod, PodAccess node) throws IOException {
        Query query = call.query();
        LogOptions options = new LogOptions(
                query.flag("follow"),
                query.number("tailLines", -1),
                sinceSeconds(query),
                query.number("limitBytes", -1),
                query.flag("timestamps"),
                query.flag("previous"));
        InputStream log = node.logs(ref(call, pod), options);
        return new Reply.Stream("text/plain", pipe -> copy(log, pipe));
    }

    /// How far back a log is asked for, by `sinceSeconds` or by `sinceTime`; -1 for all.
    private static long sinceSeconds(Query query) {
        String time = query.text("sinceTime");
        long seconds = query.number("sinceSeconds", -1);
        if (time.isEmpty()) {
            return seconds;
        }
        if (seconds >= 0) {
            throw Refusal.badRequest("at most one of `sinceTime` or `sinceSeconds` may be specified");
        }
        try {
            Duration past = Duration.between(OffsetDateTime.parse(time).toInstant(), Instant.now());
            return Math.max(0, past.plusMillis(999).toSeconds());
        } catch (DateTimeParseException e) {
            throw Refusal.badRequest(
                    "parameter sinceTime: \"" + time + "\" is not a time such as 2026-01-02T15:04:05Z");
        }
    }

    private static void copy(InputStream log, Pipe pipe) throws InterruptedException {
        pipe.onClose(() -> close(log));
        try (log) {
            byte[] buffer = new byte[32 * 1024];
            int count = log.read(buffer);
            while (count >= 0) {
                pipe.write(java.util.Arrays.copyOf(buffer, count));
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
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Reply exec(Call call, ObjectNode pod, PodAccess node, boolean attach) {
        Query query = call.query();
        ExecOptions options = new ExecOptions(
                query.all("command"),
                query.flag("stdin"),
                query.flag("stdout"),
                query.flag("stderr"),
                query.flag("tty"));
        if (!attach && options.command().isEmpty()) {
            throw Refusal.badRequest("you must specify at least 1 command for the container");
        }
        PodRef ref = ref(call, pod);
        // Started after the upgrade: a refused upgrade makes kubectl try an older protocol and hide the true error.
        Reply.SocketRun run = pipe -> {
            ExecChannels channels = new ExecChannels(pipe, options);
            try {
                channels.run(attach ? node.attach(ref, options) : node.exec(ref, options));
            } catch (ApiException e) {
                channels.refuse(e);
            } catch (IOException e) {
                channels.refuse(failed(pod, attach ? "attach" : "exec", e));
            }
        };
        return call.wantsWebSocket()
                ? new Reply.Socket(HastyClients.given(call.header("User-Agent"), run))
                : spdyExec(call, options, run);
    }

    private static Reply spdyExec(Call call, ExecOptions options, Reply.SocketRun run) {
        return new Reply.Spdy(spdyProtocol(call, SpdyExecPipe.PROTOCOL), bytes -> {
            try {
                SpdyExecPipe.serve(bytes, options, run);
            } catch (IOException e) {
                LOG.debug("a command was not started: {}", e.toString());
            }
        });
    }

    /// All containers share the pod's ports: none needs to be named.
    private static Reply forward(Call call, ObjectNode pod, PodAccess node) {
        PodRef ref = new PodRef(Meta.namespace(pod), Meta.name(pod), Meta.uid(pod), "");
        List<Integer> ports = new ArrayList<>();
        for (String text : call.query().all("ports")) {
            for (String port : text.split(",")) {
                ports.add(port(port));
            }
        }
        if (!call.wantsWebSocket()) {
            return new Reply.Spdy(
                    spdyProtocol(call, SpdyTunnel.BARE_PROTOCOL),
                    pipe -> new SpdyTunnel(pipe, port -> node.connect(ref, port)).run());
        }
        String asked = call.header("Sec-WebSocket-Protocol");
        if (FORWARD_PROTOCOLS.stream().noneMatch(asked::contains)) {
            throw Refusal.badRequest("no supported WebSocket subprotocol in \"" + asked + "\"; one of "
                    + SpdyTunnel.PROTOCOL + ", " + PortChannels.PROTOCOL);
        }
        return new Reply.Socket(pipe -> {
            if (pipe.protocol().equals(SpdyTunnel.PROTOCOL)) {
                new SpdyTunnel(pipe, port -> node.connect(ref, port)).run();
            } else {
                new PortChannels(pipe, port -> node.connect(ref, port)).run(ports);
            }
        });
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port > 0 && port < 65536) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("ports: \"" + text + "\" is not a port number");
        }
        throw Refusal.badRequest("ports: \"" + text + "\" is not a port number");
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

    /// The container that is meant: named, or the only one.
    private static PodRef ref(Call call, ObjectNode pod) {
        String asked = call.query().text("container");
        List<String> inits = names(pod, "initContainers");
        List<String> containers = names(pod, "containers");
        if (!asked.isEmpty() && !containers.contains(asked) && !inits.contains(asked)) {
            throw Refusal.badRequest("container " + asked + " is not valid for pod " + Meta.name(pod));
        }
        if (asked.isEmpty() && containers.size() > 1) {
            String orInit = inits.isEmpty() ? "" : " or one of the init containers: " + shown(inits);
            throw Refusal.badRequest("a container name must be specified for pod " + Meta.name(pod)
                    + ", choose one of: " + shown(containers) + orInit);
        }
        String container = asked.isEmpty() ? containers.getFirst() : asked;
        return new PodRef(Meta.namespace(pod), Meta.name(pod), Meta.uid(pod), container);
    }

    private static List<String> names(ObjectNode pod, String list) {
        return Tree.objects(pod, "spec", list).stream()
                .map(container -> Tree.text(container, "name"))
                .toList();
    }

    private static String shown(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
