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
import dev.fairway.schema.client.PodAccess.PodRef;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of a running pod: its log, a command in it, a connection to it. The pod's node does the work: one of
/// this process, or one that is asked by HTTP.
final class PodRoutes {

    private final Registry registry;
    private final NodeDirectory nodes;
    private final RemotePods remote;

    PodRoutes(Registry registry, NodeDirectory nodes, RemotePods remote) {
        this.registry = registry;
        this.nodes = nodes;
        this.remote = remote;
    }

    /// @param sub one of `log`, `exec`, `attach`, `portforward`
    Reply answer(Call call, Kind kind, Target.Item item, Subresource sub) {
        ObjectNode pod = registry.get(kind, item.namespace(), item.name());
        String node = Tree.text(pod, "spec", "nodeName");
        if (node.isEmpty()) {
            throw Refusal.badRequest("pod " + Meta.name(pod) + " does not have a host assigned");
        }
        // All containers share the pod's ports: none needs to be named.
        PodRef ref = sub == Subresource.PORT_FORWARD ? ref(pod, "") : ref(pod, container(call, pod));
        PodTask task = PodTask.read(sub, call.query(), PodTask.Names.OF_API);
        Optional<PodAccess> here = nodes.node(node);
        return here.isPresent()
                ? new PodStreams(here.get(), node, ref).answer(call, task)
                : elsewhere(call, node, ref, task);
    }

    /// kubectl tries an older protocol when an upgrade is refused: a session is told of it by its error stream.
    private Reply elsewhere(Call call, String node, PodRef ref, PodTask task) {
        try {
            return remote.answer(call, node, ref, task);
        } catch (ApiException e) {
            Optional<ExecOptions> session = session(task);
            if (session.isEmpty() || !call.wantsWebSocket()) {
                throw e;
            }
            Reply.SocketRun refuse = pipe -> new ExecChannels(pipe, session.get()).refuse(e);
            return new Reply.Socket(HastyClients.given(call.header("User-Agent"), refuse));
        }
    }

    private static Optional<ExecOptions> session(PodTask task) {
        return switch (task) {
            case PodTask.Exec exec -> Optional.of(exec.options());
            case PodTask.Attach attach -> Optional.of(attach.options());
            case PodTask.Log _, PodTask.Forward _ -> Optional.empty();
        };
    }

    private static PodRef ref(ObjectNode pod, String container) {
        return new PodRef(Meta.namespace(pod), Meta.name(pod), Meta.uid(pod), container);
    }

    /// The container that is meant: named, or the only one.
    private static String container(Call call, ObjectNode pod) {
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
        return asked.isEmpty() ? containers.getFirst() : asked;
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
