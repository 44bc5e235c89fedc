package dev.fairway.app;

/// A command cannot do what it was asked: one sentence for people, one exit code for scripts.
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public CommandException(ExitCode exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
