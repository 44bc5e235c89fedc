package dev.fairway.app;

/// What must hold of the machine before anything is made.
public final class Preconditions {

    private Preconditions() {}

    /// Network namespaces, links and rules need root (CAP_SYS_ADMIN and CAP_NET_ADMIN).
    public static void requireRoot(String command) {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new CommandException(
                    ExitCode.NOT_PRIVILEGED,
                    command + " needs root to make network namespaces and rules; run: sudo ./fairway " + command);
        }
    }
}
