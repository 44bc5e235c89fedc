package dev.fairway.dns;

import dev.fairway.dns.Answer.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Bytes of a query in, bytes of the answer out; the sockets are somebody else's.
final class Responder {

    enum Transport {
        UDP,
        TCP
    }

    sealed interface Response {

        record Now(byte[] message) implements Response {}

        /// Somebody outside must be asked: `work` blocks for at most the forwarder's budget.
        ///
        /// @param refusal to be sent instead when there is too much work
        record Later(Supplier<byte[]> work, byte[] refusal) implements Response {}

        record Nothing() implements Response {}
    }

    private final Supplier<Zone> zone;
    private final Forwarder forwarder;
    private final AtomicInteger rotation = new AtomicInteger();

    Responder(Supplier<Zone> zone, Forwarder forwarder) {
        this.zone = zone;
        this.forwarder = forwarder;
    }

    Response respond(byte[] message, Transport transport) {
        return switch (QueryReader.read(message)) {
            case Received.Ignored() -> new Response.Nothing();
            case Received.Refused refused ->
                new Response.Now(refused.query()
                        .map(query -> write(query, Answer.of(refused.rcode()), transport))
                        .orElseGet(() -> AnswerWriter.write(refused)));
            case Received.Asked(Query query) -> respond(query, transport);
        };
    }

    private Response respond(Query query, Transport transport) {
        return switch (Answers.answer(query.question(), zone.get(), rotation.getAndIncrement())) {
            case Answers.Decision.Answered(Answer answer) -> new Response.Now(write(query, answer, transport));
            case Answers.Decision.Outside(List<ResourceRecord> aliases, Question question) -> {
                Optional<Answer> known = forwarder.findKnown(question);
                if (known.isPresent()) {
                    yield new Response.Now(write(query, known.get().behind(aliases), transport));
                }
                Answer busy = Answer.of(Rcode.REFUSED)
                        .because(new Explanation(Explanation.OTHER, "too many questions to upstream DNS servers"));
                yield new Response.Later(
                        () -> write(query, forwarder.resolve(question).behind(aliases), transport),
                        write(query, busy, transport));
            }
        };
    }

    /// The whole answer to one question, upstream included. Blocks for at most the forwarder's budget.
    Answer answer(Question question) {
        return switch (Answers.answer(question, zone.get(), 0)) {
            case Answers.Decision.Answered(Answer answer) -> answer;
            case Answers.Decision.Outside(List<ResourceRecord> aliases, Question outside) ->
                forwarder.resolve(outside).behind(aliases);
        };
    }

    private byte[] write(Query query, Answer answer, Transport transport) {
        int limit = switch (transport) {
            case UDP -> AnswerWriter.udpLimit(query);
            case TCP -> AnswerWriter.tcpLimit();
        };
        return AnswerWriter.write(query, answer, limit, forwarder.hasUpstreams());
    }
}
