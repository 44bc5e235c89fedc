package dev.fairway.table;

import java.util.List;

/// How far a reader has come: observed, never written into the table.
///
/// @param revision the newest table revision that is in force; 0 for none yet
public record Realized(long revision, List<Problem> problems) {

    public static final Realized NOTHING = new Realized(0, List.of());

    public Realized {
        problems = List.copyOf(problems);
    }
}
