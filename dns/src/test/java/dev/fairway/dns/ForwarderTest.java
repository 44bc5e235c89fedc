package dev.fairway.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forwarder with a scripted outside and a clock that moves only when somebody waits.
class ForwarderTest {

    private static final Upstream FIRST = Upstream.of(IpAddress.parse("192.0.2.1"));
    private static final Upstream SECOND = Upstream.of(IpAddress.parse("192.0.2.2"));
    private static final Question QUESTION = Question.of(DnsName.parse("example.com"), RecordType.A);

    private final AtomicLong nanos = new AtomicLong();
    private final List<Upstream> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<Upstream, Answer> outside = new ConcurrentHashMap<>();
    private final Forwarder forwarder = new Forwarder(List.of(FIRST, SECOND), this::exchange, nanos::get);

    private Answer exchange(Upstream upstream, Question question, int timeoutMillis) throws IOException {
        asked.add(upstream);
        Optional<Answer> answer = Optional.ofNullable(outside.get(upstream));
        if (answer.isEmpty()) {
            nanos.addAndGet(timeoutMillis * 1_000_000L);
            throw new SocketTimeoutException("no answer");
        }
        return answer.get();
    }

    @Test
    void asksInTheGivenOrder() {
        outside.putAll(Map.of(FIRST, address(60), SECOND, address(60)));

        assertThat(forwarder.resolve(QUESTION)).isEqualTo(address(60));
        assertThat(asked).containsExactly(FIRST);
    }

    @Test
    void goesOnToTheNextAndShunsTheSilentOneForAWhile() {
        outside.put(SECOND, address(0));

        assertThat(forwarder.resolve(QUESTION)).isEqualTo(address(0));
        assertThat(forwarder.resolve(QUESTION)).isEqualTo(address(0));
        assertThat(asked).containsExactly(FIRST, SECOND, SECOND);

        pass(11);
        forwarder.resolve(QUESTION);
        assertThat(asked).endsWith(FIRST, SECOND);
    }

    @ParameterizedTest
    @CsvSource({"SERVFAIL, 2", "REFUSED, 2", "NXDOMAIN, 1", "NOERROR, 1"})
    void onlyFailuresAreTakenToTheNext(Rcode rcode, int questions) {
        outside.putAll(Map.of(FIRST, Answer.of(rcode), SECOND, Answer.of(rcode)));

        assertThat(forwarder.resolve(QUESTION).rcode()).isEqualTo(rcode);
        assertThat(asked).hasSize(questions);
    }

    @Test
    void givesUpWithinTheBudget() {
        Answer answer = forwarder.resolve(QUESTION);

        assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(answer.explanation().orElseThrow().text()).contains("192.0.2.1:53", "192.0.2.2:53");
        assertThat(nanos.get()).isEqualTo(Forwarder.BUDGET_MILLIS * 1_000_000L);
    }

    @Test
    void keepsAnswersForTheirTimeAndCountsItDown() {
        outside.put(FIRST, address(60));
        forwarder.resolve(QUESTION);
        pass(20);

        assertThat(forwarder.resolve(QUESTION).answers().getFirst().ttlSeconds())
                .isEqualTo(40);
        assertThat(asked).hasSize(1);
        pass(40);
        forwarder.resolve(QUESTION);
        assertThat(asked).hasSize(2);
    }

    @Test
    void failuresAreNotKept() {
        outside.putAll(Map.of(FIRST, Answer.of(Rcode.SERVFAIL), SECOND, Answer.of(Rcode.SERVFAIL)));
        forwarder.resolve(QUESTION);
        outside.put(FIRST, address(60));

        assertThat(forwarder.resolve(QUESTION)).isEqualTo(address(60));
    }

    @Test
    void aStaleAnswerIsBetterThanNone() {
        outside.put(FIRST, address(60));
        forwarder.resolve(QUESTION);
        outside.clear();
        pass(61);

        Answer answer = forwarder.resolve(QUESTION);
        assertThat(answer.answers().getFirst().ttlSeconds()).isEqualTo(AnswerCache.STALE_TTL_SECONDS);
        assertThat(answer.explanation().orElseThrow().code()).isEqualTo(Answer.Explanation.STALE_ANSWER);

        int before = asked.size();
        long since = nanos.get();
        assertThat(forwarder.resolve(QUESTION)).isEqualTo(answer);
        assertThat(asked).as("nobody waits for servers known to be dead").hasSize(before);
        assertThat(nanos.get()).isEqualTo(since);

        pass(AnswerCache.STALE_SECONDS + 60);
        assertThat(forwarder.resolve(QUESTION).rcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            NXDOMAIN | 300 | 30    | 30
            NXDOMAIN | 10  | 30    | 10
            NXDOMAIN | 9999| 9999  | 1800
            NXDOMAIN | -   | -     | 0
            NOERROR  | 300 | 30    | 30
            NOERROR  | -   | -     | 0
            SERVFAIL | 300 | 30    | 0
            """)
    void denialsAreKeptAsTheirSoaSays(Rcode rcode, Integer ttl, Long minimum, int kept) {
        DnsName zone = DnsName.parse("com");
        List<ResourceRecord> authority = ttl == null
                ? List.of()
                : List.of(ResourceRecord.of(zone, RecordType.SOA, ttl, new Rdata.Soa(zone, zone, 1, 2, 3, 4, minimum)));
        Answer answer = new Answer(rcode, false, List.of(), authority, List.of(), Optional.empty());

        assertThat(AnswerCache.ttlSeconds(answer)).isEqualTo(kept);
    }

    @Test
    void theCacheIsBounded() {
        AnswerCache cache = new AnswerCache(nanos::get);
        for (int i = 0; i <= AnswerCache.MAX_ENTRIES; i++) {
            cache.put(Question.of(DnsName.parse("n" + i), RecordType.A), address(60));
        }

        assertThat(cache.get(Question.of(DnsName.parse("n0"), RecordType.A))).isEmpty();
        assertThat(cache.get(Question.of(DnsName.parse("n1"), RecordType.A))).isPresent();
    }

    @Test
    void equalQuestionsAtOneTimeAreAskedOnce() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Forwarder slow = new Forwarder(
                List.of(FIRST),
                (upstream, _, _) -> {
                    asked.add(upstream);
                    reached.countDown();
                    awaitOrFail(released);
                    return address(0);
                },
                nanos::get);
        List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> clients = new ArrayList<>();
        clients.add(Thread.startVirtualThread(() -> answers.add(slow.resolve(QUESTION))));
        awaitOrFail(reached);
        for (int i = 0; i < 5; i++) {
            Thread client = Thread.startVirtualThread(() -> answers.add(slow.resolve(QUESTION)));
            clients.add(client);
            while (client.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        released.countDown();
        for (Thread client : clients) {
            client.join();
        }

        assertThat(answers).hasSize(6).containsOnly(address(0));
        assertThat(asked).hasSize(1);
    }

    @Test
    void withoutUpstreamsItSaysSoAtOnce() {
        Answer answer = new Forwarder(List.of(), this::exchange, nanos::get).resolve(QUESTION);

        assertThat(answer.rcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(answer.explanation().orElseThrow().text()).contains("no upstream DNS server is configured");
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void pass(int seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }

    private static Answer address(int ttlSeconds) {
        ResourceRecord address = ResourceRecord.address(QUESTION.name(), ttlSeconds, IpAddress.parse("192.0.2.80"));
        return new Answer(Rcode.NOERROR, false, List.of(address), List.of(), List.of(), Optional.empty());
    }
}
