package dev.fairway.api.http;

import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Refusal;
import dev.fairway.schema.client.PodAccess.ExecOptions;
import dev.fairway.schema.client.PodAccess.LogOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/// What is wanted of a running pod. API servers and nodes are asked for it by the same parameters, apart from some
/// names.
sealed interface PodTask {

    /// @param options as far back as clients say by `sinceSeconds` or by `sinceTime`
    record Log(LogOptions options) implements PodTask {}

    record Exec(ExecOptions options) implements PodTask {}

    record Attach(ExecOptions options) implements PodTask {}

    /// @param ports of the older WebSocket protocol; the others name them later
    record Forward(List<Integer> ports) implements PodTask {
        public Forward {
            ports = List.copyOf(ports);
        }
    }

    /// How the parameters are called that have two names.
    record Names(String stdin, String stdout, String stderr, String ports) {
        static final Names OF_API = new Names("stdin", "stdout", "stderr", "ports");
        static final Names OF_KUBELET = new Names("input", "output", "error", "port");
    }

    /// @param sub one of `log`, `exec`, `attach`, `portforward`
    static PodTask read(Subresource sub, Query query, Names names) {
        return switch (sub) {
            case LOG -> new Log(log(query));
            case EXEC -> new Exec(requireCommand(streams(query, names)));
            case ATTACH -> new Attach(streams(query, names));
            default -> new Forward(ports(query, names));
        };
    }

    private static LogOptions log(Query query) {
        return new LogOptions(
                query.flag("follow"),
                query.number("tailLines", -1),
                sinceSeconds(query),
                query.number("limitBytes", -1),
                query.flag("timestamps"),
                query.flag("previous"));
    }

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

    private static ExecOptions streams(Query query, Names names) {
        return new ExecOptions(
                query.all("command"),
                query.flag(names.stdin),
                query.flag(names.stdout),
                query.flag(names.stderr),
                query.flag("tty"));
    }

    private static ExecOptions requireCommand(ExecOptions options) {
        if (options.command().isEmpty()) {
            throw Refusal.badRequest("you must specify at least 1 command for the container");
        }
        return options;
    }

    private static List<Integer> ports(Query query, Names names) {
        List<Integer> ports = new ArrayList<>();
        for (String text : query.all(names.ports)) {
            for (String port : text.split(",")) {
                ports.add(port(port));
            }
        }
        return ports;
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
}
