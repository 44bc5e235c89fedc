package dev.fairway.api.http;

import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.LogOptions;
import dev.fairway.schema.client.PodAccess.PodRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How a node is asked for something of a pod: the paths and parameters are kubelet's. One is added, the pod's `uid`,
/// so that nobody gets what is of an earlier pod of that name.
///
/// @param verb one of `log`, `exec`, `attach`, `portforward`
record KubeletPath(Subresource verb, PodRef pod) {

    private static final String UID = "uid";

    /// @throws dev.fairway.schema.ApiException 404 for any other path
    static KubeletPath parse(String path, Query query) {
        List<String> steps = PathRules.steps(path);
        Subresource verb = verb(steps.isEmpty() ? "" : steps.getFirst());
        if (steps.size() != (verb == Subresource.PORT_FORWARD ? 3 : 4)) {
            throw Refusal.noSuchPath();
        }
        String container = steps.size() > 3 ? steps.get(3) : "";
        return new KubeletPath(verb, new PodRef(steps.get(1), steps.get(2), query.text(UID), container));
    }

    private static Subresource verb(String step) {
        return switch (step) {
            case "containerLogs" -> Subresource.LOG;
            case "exec" -> Subresource.EXEC;
            case "attach" -> Subresource.ATTACH;
            case "portForward" -> Subresource.PORT_FORWARD;
            default -> throw Refusal.noSuchPath();
        };
    }

    /// The path and the parameters by which a node is asked.
    static String of(PodRef pod, PodTask task) {
        String where = "/" + encode(pod.namespace()) + "/" + encode(pod.name());
        String inside = where + "/" + encode(pod.container());
        String who = "?" + UID + "=" + encode(pod.uid());
        return switch (task) {
            case PodTask.Log log -> "/containerLogs" + inside + who + log(log.options());
            case PodTask.Exec exec -> "/exec" + inside + who + streams(exec.options());
            case PodTask.Attach attach -> "/attach" + inside + who + streams(attach.options());
            case PodTask.Forward forward -> "/portForward" + where + who + ports(forward.ports());
        };
    }

    private static String log(LogOptions options) {
        StringBuilder out = new StringBuilder();
        flag(out, "follow", options.follow());
        number(out, "tailLines", options.tailLines());
        number(out, "sinceSeconds", options.sinceSeconds());
        number(out, "limitBytes", options.limitBytes());
        flag(out, "timestamps", options.timestamps());
        flag(out, "previous", options.previous());
        return out.toString();
    }

    private static String streams(ExecOptions options) {
        StringBuilder out = new StringBuilder();
        options.command().forEach(word -> out.append("&command=").append(encode(word)));
        flag(out, PodTask.Names.OF_KUBELET.stdin(), options.stdin());
        flag(out, PodTask.Names.OF_KUBELET.stdout(), options.stdout());
        flag(out, PodTask.Names.OF_KUBELET.stderr(), options.stderr());
        flag(out, "tty", options.tty());
        return out.toString();
    }

    private static String ports(List<Integer> ports) {
        StringBuilder out = new StringBuilder();
        ports.forEach(port -> number(out, PodTask.Names.OF_KUBELET.ports(), port));
        return out.toString();
    }

    /// kubelet reads `1` as yes for streams, and for logs what Go reads so, `1` among it.
    private static void flag(StringBuilder out, String name, boolean value) {
        if (value) {
            out.append('&').append(name).append("=1");
        }
    }

    private static void number(StringBuilder out, String name, long value) {
        if (value >= 0) {
            out.append('&').append(name).append('=').append(value);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
