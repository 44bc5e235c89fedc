package dev.fairway.bench;

import dev.fairway.app.server.SettledHeap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The whole part of a node that forwards and resolves, as `fairway node` has it: from the objects that an API tells to
/// the rules in the kernel, and the memory of the process.
public final class AgentBench {

    private static final int CHANGES = 1_000;
    /// A change meets an agent at rest.
    private static final long REST_MILLIS = 20;
    private static final Report REPORT = new Report(System.out);

    private AgentBench() {}

    public static void main(String[] args) throws Exception {
        REPORT.say("machine: %d processors, load %s", Runtime.getRuntime().availableProcessors(), Proc.load());
        run(300, 10, false); // it compiles
        String[] size = (args.length == 0 || args[0].isEmpty() ? "10000x10" : args[0]).split("x");
        run(Integer.parseInt(size[0]), Integer.parseInt(size[1]), true);
    }

    private static void run(int services, int endpoints, boolean counts) throws Exception {
        try (AgentUnderTest agent = AgentUnderTest.ready(services, endpoints)) {
            List<byte[]> texts = IntStream.rangeClosed(1, CHANGES).mapToObj(agent::text).toList();
            if (counts) {
                SettledHeap.settle(); // as the process does it
            }
            long peak = Proc.peakMegabytes();
            long after = rss();
            List<Double> changes = new ArrayList<>();
            for (byte[] text : texts) {
                Thread.sleep(REST_MILLIS);
                changes.add(agent.change(text));
            }
            changes.sort(null);
            if (counts) {
                REPORT.say(
                        "%d x %d: ready after %.0f ms; one endpoint changed: p50 %.2f ms, p99 %.2f ms; resident at"
                                + " most %d MB until ready, %d MB then, %d MB in the end, at most %d MB in all",
                        services, endpoints, agent.coldMillis(), changes.get(CHANGES / 2),
                        changes.get(CHANGES * 99 / 100), peak, after, rss(), Proc.peakMegabytes());
            }
        }
    }

    private static long rss() throws IOException {
        return Proc.rssMegabytes(ProcessHandle.current().pid());
    }
}
