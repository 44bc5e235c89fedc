package dev.fairway.node.pod.volume;

/// Why a volume cannot be shown; told as the event `FailedMount`.
public final class MountRefused extends Exception {
    private static final long serialVersionUID = 1L;

    MountRefused(String message) {
        super(message);
    }

    static MountRefused ofVolume(String volume, String why) {
        return new MountRefused("MountVolume.SetUp failed for volume \"" + volume + "\" : " + why);
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
