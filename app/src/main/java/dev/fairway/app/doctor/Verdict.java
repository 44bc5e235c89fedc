package dev.fairway.app.doctor;

import java.util.List;

/// What one check found.
///
/// @param id `group/name`; the reference page has a section of that name
/// @param sentence what is so, in one sentence
/// @param evidence what was read, and where
/// @param fix a command to start with; empty when all is well
public record Verdict(String id, Result result, String sentence, List<String> evidence, String fix) {

    /// From good to bad, but for what could not be looked at.
    public enum Result {
        OK,
        SKIPPED,
        WARNING,
        FAILED
    }

    public Verdict {
        evidence = List.copyOf(evidence);
    }

    static Verdict ok(String id, String sentence) {
        return new Verdict(id, Result.OK, sentence, List.of(), "");
    }

    static Verdict skipped(String id, String sentence) {
        return new Verdict(id, Result.SKIPPED, sentence, List.of(), "");
    }

    static Verdict warning(String id, String sentence, String fix, String... evidence) {
        return new Verdict(id, Result.WARNING, sentence, List.of(evidence), fix);
    }

    static Verdict failed(String id, String sentence, String fix, String... evidence) {
        return new Verdict(id, Result.FAILED, sentence, List.of(evidence), fix);
    }

    /// Where to read on.
    public String page() {
        return "docs/reference/checks.md#" + id.replace("/", "");
    }
}
