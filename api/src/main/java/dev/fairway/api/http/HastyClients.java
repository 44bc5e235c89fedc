package dev.fairway.api.http;

import java.time.Duration;
import java.util.regex.Pattern;

/// client-go begins to read a WebSocket while it still makes the streams that the messages are for, and drops what
/// comes
/// too early: the whole output of a short command. It gets a moment before the command begins.
final class HastyClients {

    /// kubectl before 1.31 needs it nearly always, later ones seldom: when they get no processor in between.
    private static final Pattern VERY = Pattern.compile("kubectl/v1\\.(29|30)\\b.*");

    private static final Duration LONG = Duration.ofMillis(250);

    /// The way from a container through upstream's node agent and server takes no less.
    private static final Duration SHORT = Duration.ofMillis(25);

    /// What client-go asks for, and few others do.
    private static final String PROTOCOL = "v5.channel.k8s.io";

    private HastyClients() {}

    /// @param agent the header `User-Agent`
    static Reply.SocketRun given(String agent, Reply.SocketRun run) {
        return pipe -> {
            Thread.sleep(moment(agent, pipe.protocol()));
            run.run(pipe);
        };
    }

    /// @param protocol what both sides agreed on
    static Duration moment(String agent, String protocol) {
        if (!protocol.equals(PROTOCOL)) {
            return Duration.ZERO;
        }
        return VERY.matcher(agent).matches() ? LONG : SHORT;
    }
}
