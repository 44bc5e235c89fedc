package dev.fairway.app;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/// Where a command talks: data to stdout, progress and colour to stderr. Colour only for a person: a terminal, and no
/// `NO_COLOR` (no-color.org).
///
/// @param person whether somebody reads what goes to stdout, as text
public record Terminal(PrintStream out, PrintStream err, boolean person, boolean colour) {

    public static Terminal ofProcess() {
        boolean person = Optional.ofNullable(System.console())
                .filter(java.io.Console::isTerminal)
                .isPresent();
        return new Terminal(System.out, System.err, person, person && System.getenv("NO_COLOR") == null);
    }

    public void step(String phase, String detail, long millis) {
        err.printf(Locale.ROOT, "%s %-12s %-44s %6.2f s%n", green("\u2713"), phase, detail, millis / 1000.0);
        err.flush();
    }

    public void note(String text) {
        err.println(text);
        err.flush();
    }

    public void failure(String sentence) {
        err.println(red("fairway: ") + sentence);
        err.flush();
    }

    public String bold(String text) {
        return colour ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    private String green(String text) {
        return colour ? "\u001b[32m" + text + "\u001b[0m" : text;
    }

    private String red(String text) {
        return colour ? "\u001b[31m" + text + "\u001b[0m" : text;
    }
}
