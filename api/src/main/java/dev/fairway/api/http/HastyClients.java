package dev.fairway.api.http;

import java.time.Duration;
import java.util.regex.Pattern;

/// kubectl before 1.31 begins to read a WebSocket while it still makes the streams that the messages are for, and drops
/// what comes too early: the whole output of a short command. It gets a moment before the command begins.
final class HastyClients {

    private static final Pattern NAME = Pattern.compile("kubectl/v1\\.(29|30)\\b.*");

    private static final Duration MOMENT = Duration.ofMillis(250);

    private HastyClients() {}

    /// @param agent the header `User-Agent`
    static Reply.SocketRun given(String agent, Reply.SocketRun run) {
        return isHasty(agent)
                ? pipe -> {
                    Thread.sleep(MOMENT);
                    run.run(pipe);
                }
                : run;
    }

    static boolean isHasty(String agent) {
        return NAME.matcher(agent).matches();
    }
}
