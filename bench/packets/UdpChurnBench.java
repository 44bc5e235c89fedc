package dev.fairway.bench;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.Dataplane;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.conntrack.Flow;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// UDP flows while the endpoints of their Service are replaced without end.
public final class UdpChurnBench {

    private static final int FLOWS = 200;
    private static final int ENDPOINTS = 10;
    private static final long CHANGE_MILLIS = 100;
    private static final long MOVE_MILLIS = 1_000;
    /// So long an endpoint answers that is gone.
    private static final long LINGER_MILLIS = 3_000;
    private static final long PATIENCE_MILLIS = 10_000;
    /// Of Java's own, loaded late.
    private static final int DESCRIPTORS_MORE = 10;

    private static final Report REPORT = new Report(System.out);

    private final Outcome outcome = new Outcome(REPORT);
    private final Random random = new Random(1);
    private final Map<Integer, UdpEndpoint> open = new ConcurrentHashMap<>();
    private final List<UdpEndpoint> living = new ArrayList<>();
    private final Deque<UdpEndpoint> gone = new ArrayDeque<>();
    private final TableFeed feed = new TableFeed();
    private final PacketNetwork network;
    private final Dataplane dataplane;
    private int nextNumber = 1;
    private long changes;

    private UdpChurnBench(PacketNetwork network) {
        this.network = network;
        this.dataplane = Dataplane.start(network.node(), PacketNetwork.NODE, feed);
    }

    public static void main(String[] args) throws Exception {
        List<String> given = Arrays.stream(args).filter(arg -> !arg.isEmpty()).toList();
        double minutes = given.isEmpty() ? 60 : Double.parseDouble(given.getFirst());
        System.exit(new UdpChurnBench(PacketNetwork.create("udp")).run((long) (minutes * 60_000)));
    }

    private int run(long millis) throws Exception {
        for (int number = 0; number < ENDPOINTS; number++) {
            living.add(openEndpoint());
        }
        publish();
        try (UdpFlows flows = new UdpFlows(network, FLOWS, outcome, number -> Optional.ofNullable(open.get(number)))) {
            long start = System.nanoTime();
            while (!flows.allAnswered() && System.nanoTime() - start < PATIENCE_MILLIS * 1_000_000) {
                Thread.sleep(1);
            }
            changeFor(flows, Math.min(millis / 10, 60_000));
            settle();
            Use before = Use.now();
            changeFor(flows, millis - Math.min(millis / 10, 60_000));
            settle();
            flows.check(MOVE_MILLIS);
            Use after = Use.now();
            checkTracked();
            REPORT.say("%d flows, %,d changes, %,d moves, the worst %d ms after its change; %,d flows ended",
                    FLOWS, changes, flows.moves(), flows.worstMoveMillis(), dataplane.counts().flowsEnded());
            REPORT.say("open descriptors %d after the first tenth, %d at the end; resident %d MB and %d MB",
                    before.descriptors, after.descriptors, before.megabytes, after.megabytes);
            outcome.claim(after.descriptors <= before.descriptors + DESCRIPTORS_MORE,
                    "%d descriptors more are open", after.descriptors - before.descriptors);
        }
        return outcome.end("every flow is at a living endpoint within a second after each change");
    }

    private record Use(int descriptors, long megabytes) {

        static Use now() throws IOException {
            return new Use(Proc.descriptors(), Proc.rssMegabytes(ProcessHandle.current().pid()));
        }
    }

    private void changeFor(UdpFlows flows, long millis) throws Exception {
        long next = System.nanoTime();
        long end = next + millis * 1_000_000;
        long tell = next + 60_000_000_000L;
        while (next < end) {
            replaceOne();
            closeThoseGoneFor(LINGER_MILLIS);
            flows.check(MOVE_MILLIS);
            next = Math.max(next + CHANGE_MILLIS * 1_000_000, System.nanoTime());
            if (next >= tell) {
                tell += 60_000_000_000L;
                REPORT.say("%,d changes, %,d moves, the worst %d ms after its change; %d faults",
                        changes, flows.moves(), flows.worstMoveMillis(), outcome.faults());
            }
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
    }

    private void replaceOne() throws Exception {
        UdpEndpoint leaves = living.remove(random.nextInt(living.size()));
        leaves.leave();
        living.add(openEndpoint());
        publish();
        leaves.gone();
        gone.add(leaves);
        changes++;
    }

    private UdpEndpoint openEndpoint() throws IOException {
        UdpEndpoint endpoint = UdpEndpoint.open(network, nextNumber++);
        open.put(endpoint.number(), endpoint);
        return endpoint;
    }

    private void publish() throws InterruptedException {
        List<IpAddress> addresses = living.stream().map(UdpEndpoint::address).toList();
        long revision = feed.latest().revision() + 1;
        feed.publish(ServiceTable.of(
                revision, List.of(ServiceUnderTest.entry(Protocol.UDP, addresses)), List.of("bench")));
        boolean inForce = dataplane.awaitRealized(revision, PATIENCE_MILLIS);
        outcome.claim(inForce, "change %d is not in force after %d ms: %s",
                changes, PATIENCE_MILLIS, dataplane.realized());
    }

    /// Lets the flows go on until nobody answers any more who is gone.
    private void settle() throws InterruptedException {
        while (!gone.isEmpty()) {
            closeThoseGoneFor(MOVE_MILLIS);
            Thread.sleep(10);
        }
    }

    private void closeThoseGoneFor(long millis) {
        while (!gone.isEmpty() && gone.getFirst().goneForMillis() >= millis) {
            UdpEndpoint endpoint = gone.removeFirst();
            open.remove(endpoint.number());
            endpoint.close();
        }
    }

    private void checkTracked() {
        Set<IpAddress> living = this.living.stream().map(UdpEndpoint::address).collect(Collectors.toSet());
        try (Conntrack conntrack = Conntrack.open(network.node())) {
            List<Flow> tracked = conntrack.flows(IpFamily.IPV4, Protocol.UDP.number()).stream()
                    .filter(flow -> flow.original().destination().equals(ServiceUnderTest.ADDRESS))
                    .toList();
            tracked.stream()
                    .filter(flow -> !living.contains(flow.reply().source()))
                    .forEach(flow -> outcome.claim(false, "the tracked flow %s leads to %s, which is gone",
                            flow.original(), flow.reply().source()));
            outcome.claim(tracked.size() >= FLOWS, "of %d flows only %d are tracked", FLOWS, tracked.size());
        }
    }
}
