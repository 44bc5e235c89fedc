package dev.fairway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The part of a node that forwards and resolves under changes that never end: what it holds must not grow.
public final class SoakBench {

    private static final int CHANGES_PER_SECOND = 100;
    private static final int DESCRIPTORS_MORE = 10;
    /// The collector decides when memory goes back to the machine.
    private static final double RESIDENT_GROWTH = 1.1;
    private static final long REST_MILLIS = 60_000;
    private static final double REST_PERCENT = 0.5;
    private static final Report REPORT = new Report(System.out);

    private final Outcome outcome = new Outcome(REPORT);
    private final AgentUnderTest agent;
    private final List<Double> millis = new ArrayList<>();
    private int changes;

    private SoakBench(AgentUnderTest agent) {
        this.agent = agent;
    }

    public static void main(String[] args) throws Exception {
        REPORT.say("machine: %d processors, load %s", Runtime.getRuntime().availableProcessors(), Proc.load());
        List<String> given = List.of(args).stream().filter(arg -> !arg.isEmpty()).toList();
        double minutes = given.isEmpty() ? 60 : Double.parseDouble(given.getFirst());
        String[] size = (given.size() < 2 ? "10000x10" : given.get(1)).split("x");
        AgentUnderTest agent = AgentUnderTest.ready(Integer.parseInt(size[0]), Integer.parseInt(size[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::close)); // after Ctrl-C too
        System.exit(new SoakBench(agent).run((long) (minutes * 60_000)));
    }

    private int run(long millis) throws Exception {
        Use ready = Use.now();
        long elements = elements();
        changeFor(millis / 10);
        Use begin = Use.now();
        changeFor(millis - millis / 10);
        Use end = Use.now();
        REPORT.say("%,d changes; when ready %s; after the first tenth %s; in the end %s", changes, ready, begin, end);
        outcome.claim(end.descriptors <= begin.descriptors + DESCRIPTORS_MORE, "%s open descriptors", end.descriptors);
        outcome.claim(end.megabytes <= begin.megabytes * RESIDENT_GROWTH, "%d MB are resident", end.megabytes);
        long now = elements();
        outcome.claim(now == elements, "%,d lines of rules, %,d before the first change", now, elements);
        rest();
        return outcome.end("memory, descriptors and rules stay what they were");
    }

    private void changeFor(long duration) throws Exception {
        long next = System.nanoTime();
        long end = next + duration * 1_000_000;
        long tell = next + 60_000_000_000L;
        while (next < end) {
            millis.add(agent.change(agent.text(++changes)));
            next = Math.max(next + 1_000_000_000 / CHANGES_PER_SECOND, System.nanoTime());
            if (next >= tell) {
                tell += 60_000_000_000L;
                tell();
            }
            Thread.sleep(Duration.ofNanos(Math.max(0, next - System.nanoTime())));
        }
        millis.clear();
    }

    private void tell() throws IOException {
        millis.sort(null);
        int count = millis.size();
        REPORT.say("%,d changes, of the last %,d p50 %.2f ms, p99 %.2f ms; %s",
                changes, count, millis.get(count / 2), millis.get(count * 99 / 100), Use.now());
        millis.clear();
    }

    /// Nothing happens: what does it cost to be there?
    private void rest() throws InterruptedException {
        Duration before = processor();
        Thread.sleep(REST_MILLIS);
        double percent = processor().minus(before).toMillis() * 100.0 / REST_MILLIS;
        REPORT.say("at rest: %.2f %% of a processor", percent);
        outcome.claim(percent < REST_PERCENT, "%.2f %% of a processor at rest", percent);
    }

    private static Duration processor() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }

    /// The lines of all rules and elements that the kernel has.
    private long elements() throws IOException, InterruptedException {
        Process nft = new ProcessBuilder(
                        "ip",
                        "netns",
                        "exec",
                        agent.namespace().name(),
                        "sh",
                        "-c",
                        "nft list ruleset | tr , '\\n' | wc -l")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String count = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (nft.waitFor() != 0) {
            throw new IOException("count the rules: " + nft.exitValue());
        }
        return Long.parseLong(count);
    }

    private record Use(int descriptors, long megabytes) {

        static Use now() throws IOException {
            return new Use(Proc.descriptors(), Proc.rssMegabytes(ProcessHandle.current().pid()));
        }

        @Override
        public String toString() {
            return "%d open descriptors, %d MB resident".formatted(descriptors, megabytes);
        }
    }
}
