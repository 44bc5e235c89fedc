package dev.fairway.app;

import dev.fairway.app.command.Commands;

/// The program's entry: one command in, one exit code out.
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Commands.run(arguments, Terminal.ofProcess()));
    }
}
