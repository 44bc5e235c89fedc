package dev.fairway.picture;

/// Whether a pod, or the endpoint that it is, takes new connections.
public enum PodState {
    READY("ready"),
    NOT_READY("not ready"),
    TERMINATING("terminating");

    private final String words;

    PodState(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
