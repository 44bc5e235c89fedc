package dev.fairway.dns;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Answers from upstream, for as long as they say (RFC 1034, RFC 2308). Failures are never kept, so that a retry is
/// worth it. Expired answers stay for a while, for when upstream cannot be reached (RFC 8767).
final class AnswerCache {

    static final int MAX_ENTRIES = 10_000;
    static final int MAX_TTL_SECONDS = 3600;
    static final int MAX_NEGATIVE_TTL_SECONDS = 1800;
    static final int STALE_SECONDS = 3600;
    static final int STALE_TTL_SECONDS = 30;

    private static final long NANOS = 1_000_000_000;

    private record Kept(Answer answer, long storedNanos, int ttlSeconds) {
        long ageSeconds(long now) {
            return (now - storedNanos) / NANOS;
        }
    }

    private final LongSupplier nanoTime;
    /// The least recently used first.
    private final LinkedHashMap<Question, Kept> entries = new LinkedHashMap<>(16, 0.75f, true);

    AnswerCache(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// A fresh answer, its TTLs less its age.
    synchronized Optional<Answer> get(Question question) {
        long now = nanoTime.getAsLong();
        return Optional.ofNullable(entries.get(question))
                .filter(entry -> entry.ageSeconds(now) < entry.ttlSeconds())
                .map(entry -> aged(entry.answer(), (int) entry.ageSeconds(now)));
    }

    /// An answer that may be too old, for want of a better one.
    synchronized Optional<Answer> getStale(Question question) {
        long now = nanoTime.getAsLong();
        return Optional.ofNullable(entries.get(question))
                .filter(entry -> entry.ageSeconds(now) < entry.ttlSeconds() + STALE_SECONDS)
                .map(entry -> entry.answer().map(each -> each.withTtl(STALE_TTL_SECONDS)));
    }

    synchronized void put(Question question, Answer answer) {
        int ttl = ttlSeconds(answer);
        if (ttl > 0) {
            entries.put(question, new Kept(answer, nanoTime.getAsLong(), ttl));
            if (entries.size() > MAX_ENTRIES) {
                entries.pollFirstEntry();
            }
        }
    }

    private static Answer aged(Answer answer, int seconds) {
        return answer.map(each -> each.withTtl(Math.max(0, each.ttlSeconds() - seconds)));
    }

    /// How long an answer may be kept: 0 for not at all.
    static int ttlSeconds(Answer answer) {
        return switch (answer.rcode()) {
            case NOERROR -> isNegative(answer) ? negativeTtl(answer) : Math.min(MAX_TTL_SECONDS, lowest(answer));
            case NXDOMAIN -> negativeTtl(answer);
            case FORMERR, SERVFAIL, NOTIMP, REFUSED, BADVERS -> 0;
        };
    }

    /// A lone alias ends in nothing too.
    private static boolean isNegative(Answer answer) {
        return answer.answers().stream().allMatch(each -> each.is(RecordType.CNAME))
                && answer.authority().stream().anyMatch(each -> each.is(RecordType.SOA));
    }

    private static int lowest(Answer answer) {
        return answer.answers().stream()
                .mapToInt(ResourceRecord::ttlSeconds)
                .min()
                .orElse(0);
    }

    /// RFC 2308, 5: the lower of the SOA's TTL and its minimum; without a SOA the answer is not kept.
    private static int negativeTtl(Answer answer) {
        Stream<Long> limits = answer.authority().stream()
                .flatMap(each -> each.rdata() instanceof Rdata.Soa soa
                        ? Stream.of((long) each.ttlSeconds(), soa.minimum())
                        : Stream.of());
        long ttl = limits.mapToLong(Long::longValue).min().orElse(0);
        long ofAliases = answer.answers().stream()
                .mapToLong(ResourceRecord::ttlSeconds)
                .min()
                .orElse(ttl);
        return (int) Math.min(MAX_NEGATIVE_TTL_SECONDS, Math.min(ttl, ofAliases));
    }
}
