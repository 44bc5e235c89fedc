package dev.fairway.bench;

import java.io.PrintStream;

/// Where a benchmark says what it measured, a line for each figure.
record Report(PrintStream out) {

    void say(String format, Object... values) {
        out.println(format.formatted(values));
    }

    /// How many times as fast as its peer something is.
    void ratio(String what, Load own, Load peer) {
        say("%s: %.2f", what, own.perSecond() / peer.perSecond());
    }
}
