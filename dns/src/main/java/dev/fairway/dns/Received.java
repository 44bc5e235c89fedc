package dev.fairway.dns;

import java.util.Optional;

/// What arrived at the server's socket.
sealed interface Received {

    record Asked(Query query) implements Received {}

    /// Not to be answered: no header, or itself an answer (two servers must not talk to each other for ever).
    record Ignored() implements Received {}

    /// Answered with an error; the question is repeated where it could be read.
    record Refused(int id, int opcode, boolean recursionDesired, Rcode rcode, Optional<Query> query)
            implements Received {}
}
