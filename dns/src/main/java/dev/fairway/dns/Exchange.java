package dev.fairway.dns;

import java.io.IOException;

/// One question put to one upstream server.
@FunctionalInterface
interface Exchange {

    /// @throws IOException when there is no valid reply in time, or the server cannot be reached
    Answer ask(Upstream upstream, Question question, int timeoutMillis) throws IOException;
}
