package dev.fairway.app.server;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// The options by which this JVM found its modules, so that a second one is the same program.
final class JvmOptions {

    private JvmOptions() {}

    /// Memory and compiler options are left out: the other process has its own.
    static List<String> modules() {
        List<String> options = new ArrayList<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!option.startsWith("-X")) {
                options.add(option);
            }
        }
        options.add("-m");
        options.add("dev.fairway.app/dev.fairway.app.Main");
        return options;
    }
}
