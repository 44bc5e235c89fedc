package dev.fairway.table;

/// How long a client keeps its endpoint.
///
/// @param seconds since the client's last connection; 0 for no affinity
/// @param acrossPorts whether the pod that a client reached over one port is its pod over the Service's other ports too
public record SessionAffinity(int seconds, boolean acrossPorts) {

    public static final SessionAffinity NONE = new SessionAffinity(0, false);

    public SessionAffinity {
        if (seconds < 0) {
            throw new IllegalArgumentException("affinity lasts 0 seconds or more, not " + seconds);
        }
    }

    /// Each port for itself, as Kubernetes has it.
    public static SessionAffinity ofPort(int seconds) {
        return new SessionAffinity(seconds, false);
    }

    public boolean isKept() {
        return seconds > 0;
    }
}
