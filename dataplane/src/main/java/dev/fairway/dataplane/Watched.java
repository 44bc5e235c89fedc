package dev.fairway.dataplane;

import dev.fairway.kernel.conntrack.Flow.Ends;
import dev.fairway.kernel.nft.PacketTrace;
import dev.fairway.kernel.nft.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A probe while its first packet is watched.
final class Watched {

    private static final int POLL_MILLIS = 20;
    /// A rule that rejects drops as well, and its answer is on its way by then.
    private static final int REJECTION_MILLIS = 200;

    private final PacketTrace trace;
    private final Table mark;
    private final Ends sender;
    private final List<PacketTrace.Step> heard = new ArrayList<>();

    /// @param mark the table that marks the packet
    /// @param sender the packet's ends when it is sent
    Watched(PacketTrace trace, Table mark, Ends sender) {
        this.trace = trace;
        this.mark = mark;
        this.sender = sender;
    }

    /// Waits for an answer; not to the end once the packet was dropped, since the next one is sent later than anybody
    /// waits here.
    Probe.Answer send(Probe probe, int timeoutMillis) {
        FutureTask<Probe.Answer> sending = new FutureTask<>(() -> probe.send(timeoutMillis));
        // Of a virtual thread the JVM would wait in the kernel by another one, and for that one when it exits.
        Thread.ofPlatform().daemon().name("probe").start(sending);
        int sinceDropMillis = 0;
        while (sinceDropMillis < REJECTION_MILLIS) {
            try {
                return sending.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                sinceDropMillis += sinceDropMillis > 0 || isDropped() ? POLL_MILLIS : 0;
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                break;
            } catch (ExecutionException e) {
                throw new IllegalStateException("sending " + probe.ends(), e);
            }
        }
        probe.close();
        return Probe.Answer.SILENT;
    }

    private boolean isDropped() {
        List<PacketTrace.Step> steps = first();
        return !steps.isEmpty() && steps.getLast().verdict().equals("drop");
    }

    /// The steps of the first packet, from its mark to that of the next. On its way the kernel may give it another
    /// number, so it is known again by its source, which is translated last of all.
    List<PacketTrace.Step> first() {
        heard.addAll(trace.heard());
        List<PacketTrace.Step> steps = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        for (PacketTrace.Step step : heard) {
            boolean isMark =
                    step.kind() == PacketTrace.Kind.RULE && step.table().equals(mark.toText());
            if (isMark && !steps.isEmpty()) {
                return steps;
            }
            if (isMark || !steps.isEmpty() && step.ends().filter(this::isFrom).isPresent()) {
                numbers.add(step.packet());
            }
            if (numbers.contains(step.packet())) {
                steps.add(step);
            }
        }
        return steps;
    }

    private boolean isFrom(Ends packet) {
        return packet.source().equals(sender.source()) && packet.sourcePort() == sender.sourcePort();
    }
}
