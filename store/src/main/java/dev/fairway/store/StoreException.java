package dev.fairway.store;

/// The store's outside world failed: a file, a disk, a lock, a format, a server.
public class StoreException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// What the failure means for whoever asked.
    public enum Meaning {
        /// It did not work and will not by itself.
        FAILED,
        /// There is no space: writes work again when there is some.
        FULL,
        /// Nothing was changed; the same may work later.
        UNAVAILABLE,
        /// Nobody knows whether the change was made.
        UNKNOWN_OUTCOME
    }

    private final Meaning meaning;

    public StoreException(String message) {
        this(Meaning.FAILED, message);
    }

    public StoreException(Meaning meaning, String message) {
        super(message);
        this.meaning = meaning;
    }

    public StoreException(String message, Throwable cause) {
        this(Meaning.FAILED, message, cause);
    }

    public StoreException(Meaning meaning, String message, Throwable cause) {
        super(message, cause);
        this.meaning = meaning;
    }

    public Meaning meaning() {
        return meaning;
    }

    /// The sentence, never null.
    public String text() {
        return String.valueOf(getMessage());
    }
}
