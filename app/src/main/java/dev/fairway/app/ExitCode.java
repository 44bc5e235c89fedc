package dev.fairway.app;

/// What the program's end says to scripts.
public enum ExitCode {
    OK(0),
    /// Findings, a failed check, or work that could not be done.
    FAILED(1),
    USAGE(2),
    API_UNREACHABLE(3),
    NOT_PRIVILEGED(4),
    TIMED_OUT(5);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
