package dev.fairway.bench;

import java.util.ArrayList;
import java.util.List;

/// Whether the claims of a benchmark hold: each fault is told when it is found, the first ones again at the end.
final class Outcome {

    private static final int TOLD_MAX = 20;

    private final Report report;
    private final List<String> faults = new ArrayList<>();

    Outcome(Report report) {
        this.report = report;
    }

    synchronized void claim(boolean holds, String fault, Object... values) {
        if (!holds) {
            String text = fault.formatted(values);
            faults.add(text);
            if (faults.size() <= TOLD_MAX) {
                report.say("BROKEN: %s", text);
            }
        }
    }

    synchronized int faults() {
        return faults.size();
    }

    /// Says how it ended.
    ///
    /// @param claim what holds when nothing was found
    /// @return the exit status of the program
    synchronized int end(String claim) {
        if (faults.isEmpty()) {
            report.say("holds: %s", claim);
            return 0;
        }
        report.say("BROKEN, %d times: %s", faults.size(), claim);
        return 1;
    }
}
