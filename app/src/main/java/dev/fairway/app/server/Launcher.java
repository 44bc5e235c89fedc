package dev.fairway.app.server;

import dev.fairway.app.CommandException;
import dev.fairway.app.ExitCode;
import dev.fairway.app.Settings;
import dev.fairway.app.StateFolder;
import dev.fairway.app.Terminal;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Starts the server as a process of its own that outlives the terminal, and reads along until it is ready.
public final class Launcher {

    private static final int POLL_MILLIS = 20;

    private final StateFolder state;
    private final Terminal terminal;
    private int linesShown;

    private Launcher(StateFolder state, Terminal terminal) {
        this.state = state;
        this.terminal = terminal;
    }

    /// @throws CommandException with the server's own sentence when it fails to start, or when it takes too long
    public static void launch(StateFolder state, Settings settings, int timeoutSeconds, Terminal terminal)
            throws InterruptedException {
        new Launcher(state, terminal).launch(settings, timeoutSeconds);
    }

    private void launch(Settings settings, int timeoutSeconds) throws InterruptedException {
        state.deleteRunFiles();
        state.writeText(state.progress(), "");
        state.writeSettings(settings.text());
        Process server = start(settings);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (!showProgress()) {
            if (!server.isAlive() && !showProgress()) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "the server ended while starting (exit code " + server.exitValue() + "); see " + state.log());
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "not ready after " + timeoutSeconds + " s; it goes on starting: see fairway status and "
                                + state.log());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Process start(Settings settings) {
        try {
            Files.createDirectories(state.log().getParent());
            ProcessBuilder builder = new ProcessBuilder(command(settings));
            builder.redirectInput(
                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(state.log().toFile()));
            builder.redirectErrorStream(true);
            builder.directory(state.root().toFile());
            // Each of the C library's arenas keeps what was freed in it: two are enough for two busy threads.
            builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
            return builder.start();
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot start the server process: " + e.getMessage());
        }
    }

    /// The same program on the same module path, with a server's memory limits, in a session of its own.
    private List<String> command(Settings settings) {
        List<String> command = new ArrayList<>(List.of(
                "setsid",
                ProcessHandle.current().info().command().orElse("java"),
                "@" + options(),
                // Files that libraries and the JVM put into /tmp would outlive a killed process there.
                "-XX:-UsePerfData",
                "-Dorg.sqlite.tmpdir=" + state.progress().getParent(),
                "-Dio.netty.native.workdir=" + state.progress().getParent()));
        command.addAll(rehearsed());
        command.addAll(JvmOptions.modules());
        command.addAll(List.of("up", "--foreground", "--state", state.root().toString()));
        command.addAll(settings.store().options());
        return command;
    }

    /// The file of the JVM's options for a server, as `fairway server` has them.
    private static Path options() {
        Path file = inHome("jvm/server.options");
        if (!Files.isReadable(file)) {
            throw new CommandException(
                    ExitCode.FAILED, "the server's options for the JVM are not in " + file + "; set FAIRWAY_HOME");
        }
        return file;
    }

    /// The file from which a server starts faster; the launcher `fairway` makes it after a build. One of another
    /// build is of no use, and no reason to say anything.
    private static List<String> rehearsed() {
        Path file = inHome("app/target/dist/servers.aot");
        return file.toFile().length() > 0
                ? List.of("-XX:AOTCache=" + file, "-Xlog:aot*=off", "-Xlog:cds*=off")
                : List.of();
    }

    /// Absolute, since the server runs in a folder of its own.
    private static Path inHome(String file) {
        return Path.of(System.getenv().getOrDefault("FAIRWAY_HOME", "."), file).toAbsolutePath();
    }

    /// Shows what is new; true when the server is ready.
    private boolean showProgress() {
        for (String line : newLines()) {
            ObjectNode event = Json.parse(line);
            if (Tree.has(event, "failed")) {
                int code = (int) Tree.number(event, 1, "exit");
                throw new CommandException(exitCode(code), Tree.text(event, "failed"));
            }
            if (Tree.flag(event, "ready")) {
                terminal.step("ready", "", Tree.number(event, 0, "millis"));
                return true;
            }
            terminal.step(Tree.text(event, "phase"), Tree.text(event, "detail"), Tree.number(event, 0, "millis"));
        }
        return false;
    }

    private static ExitCode exitCode(int number) {
        for (ExitCode code : ExitCode.values()) {
            if (code.number() == number) {
                return code;
            }
        }
        return ExitCode.FAILED;
    }

    /// Whole lines only: the last one may still be being written.
    private List<String> newLines() {
        try {
            String text = Files.readString(state.progress(), StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            List<String> fresh = lines.subList(Math.min(linesShown, lines.size()), lines.size());
            linesShown = lines.size();
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + state.progress(), e);
        }
    }
}
