package dev.fairway.node.pod;

/// What a probe's answers so far amount to. A verdict changes only after enough equal answers in a row.
///
/// @param streak equal answers in a row so far, of the kind `lastAnswer` says
public record ProbeState(ProbeSpec spec, boolean passing, boolean lastAnswer, int streak) {

    /// Before the first answer a container is alive, but neither started nor ready.
    public static ProbeState initial(ProbeSpec spec) {
        boolean passing = switch (spec.kind()) {
            case LIVENESS -> true;
            case STARTUP, READINESS -> false;
        };
        return new ProbeState(spec, passing, passing, 0);
    }

    public ProbeState next(boolean answer) {
        int run = answer == lastAnswer ? streak + 1 : 1;
        int needed = answer ? spec.successThreshold() : spec.failureThreshold();
        return new ProbeState(spec, run >= needed ? answer : passing, answer, run);
    }

    /// The container must be stopped: it is not alive, or has not started in the time that it was given.
    public boolean condemns() {
        return switch (spec.kind()) {
            case LIVENESS -> !passing;
            case STARTUP -> !passing && !lastAnswer && streak >= spec.failureThreshold();
            case READINESS -> false;
        };
    }
}
