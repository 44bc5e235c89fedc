package dev.fairway.dns;

import dev.fairway.dns.Answer.Explanation;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the upstream servers, in their order, and remembers what they say. Always answers, if only SERVFAIL.
///
/// A server that failed lately is asked after the others. Equal questions at one time are asked once.
final class Forwarder {

    static final int BUDGET_MILLIS = 2000;

    private static final int TRY_MILLIS = 800;
    private static final int ROUNDS = 3;
    private static final long SHUNNED_NANOS = 10_000_000_000L;
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);

    private final List<Upstream> upstreams;
    private final Exchange exchange;
    private final LongSupplier nanoTime;
    private final AnswerCache cache;
    private final Map<Upstream, Long> failedNanos = new ConcurrentHashMap<>();
    private final Map<Question, CompletableFuture<Answer>> flights = new ConcurrentHashMap<>();

    Forwarder(List<Upstream> upstreams, Exchange exchange, LongSupplier nanoTime) {
        this.upstreams = List.copyOf(upstreams);
        this.exchange = exchange;
        this.nanoTime = nanoTime;
        this.cache = new AnswerCache(nanoTime);
    }

    boolean hasUpstreams() {
        return !upstreams.isEmpty();
    }

    /// What can be answered without asking anybody: while no server answers, that may be a stale answer, so that only
    /// one client now and then has to wait for them.
    Optional<Answer> findKnown(Question question) {
        return upstreams.isEmpty()
                ? Optional.of(Answer.failure(
                        Explanation.NO_REACHABLE_AUTHORITY,
                        question.name() + " is outside the cluster and no upstream DNS server is configured"))
                : cache.get(question).or(() -> areAllShunned() ? findStale(question) : Optional.empty());
    }

    /// Blocks for at most the budget.
    Answer resolve(Question question) {
        Optional<Answer> known = findKnown(question);
        if (known.isPresent()) {
            return known.get();
        }
        CompletableFuture<Answer> mine = new CompletableFuture<>();
        Optional<CompletableFuture<Answer>> theirs = Optional.ofNullable(flights.putIfAbsent(question, mine));
        return theirs.isPresent() ? theirs.get().join() : fly(question, mine);
    }

    private Answer fly(Question question, CompletableFuture<Answer> flight) {
        try {
            Answer answer = ask(question);
            flight.complete(answer);
            return answer;
        } finally {
            flights.remove(question);
            // Only after an error of our own: those who wait must not wait for ever.
            flight.complete(Answer.failure(Explanation.OTHER, "forwarding failed"));
        }
    }

    private Answer ask(Question question) {
        long deadline = nanoTime.getAsLong() + BUDGET_MILLIS * 1_000_000L;
        Optional<Answer> refusal = Optional.empty();
        for (int round = 0; round < ROUNDS; round++) {
            for (Upstream upstream : ordered()) {
                int left = (int) ((deadline - nanoTime.getAsLong()) / 1_000_000);
                Optional<Answer> answer =
                        left > 0 ? tryOne(upstream, question, Math.min(left, TRY_MILLIS)) : Optional.empty();
                if (answer.isPresent() && isFinal(answer.get())) {
                    cache.put(question, answer.get());
                    return answer.get();
                }
                refusal = answer.isPresent() ? answer : refusal;
            }
            if (refusal.isPresent()) {
                break; // they are there and say no: asking again would not change it
            }
        }
        return failed(question, refusal);
    }

    private Answer failed(Question question, Optional<Answer> refusal) {
        return findStale(question)
                .or(() -> refusal)
                .orElseGet(() -> Answer.failure(
                        Explanation.NO_REACHABLE_AUTHORITY,
                        "none of the upstream DNS servers " + upstreams + " answers"));
    }

    private Optional<Answer> findStale(Question question) {
        Explanation why = new Explanation(Explanation.STALE_ANSWER, "no upstream DNS server answers; this was cached");
        return cache.getStale(question).map(stale -> stale.because(why));
    }

    private static boolean isFinal(Answer answer) {
        return switch (answer.rcode()) {
            case NOERROR, NXDOMAIN -> true;
            case FORMERR, SERVFAIL, NOTIMP, REFUSED, BADVERS -> false;
        };
    }

    private Optional<Answer> tryOne(Upstream upstream, Question question, int timeoutMillis) {
        try {
            Answer answer = exchange.ask(upstream, question, timeoutMillis);
            failedNanos.remove(upstream);
            return Optional.of(answer);
        } catch (IOException e) {
            if (Optional.ofNullable(failedNanos.put(upstream, nanoTime.getAsLong()))
                    .isEmpty()) {
                LOG.warn("upstream DNS server {} does not answer: {}", upstream, e.toString());
            }
            return Optional.empty();
        }
    }

    private List<Upstream> ordered() {
        return upstreams.stream().sorted(Comparator.comparing(this::isShunned)).toList();
    }

    private boolean areAllShunned() {
        return upstreams.stream().allMatch(this::isShunned);
    }

    private boolean isShunned(Upstream upstream) {
        return Optional.ofNullable(failedNanos.get(upstream))
                .filter(at -> nanoTime.getAsLong() - at < SHUNNED_NANOS)
                .isPresent();
    }
}
