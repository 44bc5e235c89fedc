package dev.fairway.scenarios;

import java.util.List;
import java.util.Map;

/// The launcher as users meet it: after a build it has rehearsed once, so that commands and servers start faster.
final class Rehearsed {

    static final String LAUNCHER = launcher();

    private Rehearsed() {}

    private static String launcher() {
        String launcher = Cluster.HOME.resolve("fairway").toString();
        Run.command(List.of(launcher, "rehearse"), Map.of("FAIRWAY_NO_BUILD", "1"), "")
                .ok();
        return launcher;
    }
}
