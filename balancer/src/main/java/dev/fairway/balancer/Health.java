package dev.fairway.balancer;

/// A node address's health, by its last probes: out after two failures in a row, in after one success.
record Health(boolean healthy, int failures) {

    static final Health UNKNOWN = new Health(false, 0);
    private static final int FAILURES_OUT = 2;

    Health after(boolean success) {
        if (success) {
            return new Health(true, 0);
        }
        int now = Math.min(failures + 1, FAILURES_OUT);
        return new Health(healthy && now < FAILURES_OUT, now);
    }
}
