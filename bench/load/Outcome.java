package dev.fairway.bench;

/// Whether the claims of a benchmark hold: the first faults are told when they are found, and all are counted.
final class Outcome {

    private static final int TOLD_MAX = 20;

    private final Report report;
    private int faults;

    Outcome(Report report) {
        this.report = report;
    }

    synchronized void claim(boolean holds, String fault, Object... values) {
        if (!holds) {
            faults++;
            if (faults <= TOLD_MAX) {
                report.say("BROKEN: %s", fault.formatted(values));
            }
        }
    }

    synchronized int faults() {
        return faults;
    }

    /// Says how it ended.
    ///
    /// @param claim what holds when nothing was found
    /// @return the exit status of the program
    synchronized int end(String claim) {
        if (faults == 0) {
            report.say("holds: %s", claim);
            return 0;
        }
        report.say("BROKEN, %d times: %s", faults, claim);
        return 1;
    }
}
