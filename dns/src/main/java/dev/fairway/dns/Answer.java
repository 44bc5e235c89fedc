package dev.fairway.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A whole answer, apart from what belongs to the single message (identifier, size limits).
///
/// @param authoritative from our own zones
/// @param explanation for humans, sent as an extended error (RFC 8914) when the client speaks EDNS
public record Answer(
        Rcode rcode,
        boolean authoritative,
        List<ResourceRecord> answers,
        List<ResourceRecord> authority,
        List<ResourceRecord> additional,
        Optional<Explanation> explanation) {

    /// @param code an extended error code of RFC 8914
    public record Explanation(int code, String text) {
        static final int OTHER = 0;
        static final int STALE_ANSWER = 3;
        static final int NOT_READY = 14;
        static final int NO_REACHABLE_AUTHORITY = 22;
    }

    public Answer {
        answers = List.copyOf(answers);
        authority = List.copyOf(authority);
        additional = List.copyOf(additional);
    }

    static Answer of(Rcode rcode) {
        return new Answer(rcode, false, List.of(), List.of(), List.of(), Optional.empty());
    }

    static Answer failure(int code, String text) {
        return of(Rcode.SERVFAIL).because(new Explanation(code, text));
    }

    Answer because(Explanation reason) {
        return new Answer(rcode, authoritative, answers, authority, additional, Optional.of(reason));
    }

    /// This answer at the end of a chain of aliases.
    Answer behind(List<ResourceRecord> aliases) {
        List<ResourceRecord> all = new ArrayList<>(aliases);
        all.addAll(answers);
        return new Answer(rcode, authoritative, all, authority, additional, explanation);
    }

    Answer map(UnaryOperator<ResourceRecord> change) {
        return new Answer(
                rcode,
                authoritative,
                answers.stream().map(change).toList(),
                authority.stream().map(change).toList(),
                additional.stream().map(change).toList(),
                explanation);
    }
}
