package dev.fairway.store;

/// A revision was asked for that is no longer kept.
public final class CompactedException extends StoreException {

    private static final long serialVersionUID = 1L;

    private final long oldest;

    public CompactedException(long asked, long oldest) {
        super("revision " + asked + " is no longer kept; the oldest is " + oldest);
        this.oldest = oldest;
    }

    public long oldest() {
        return oldest;
    }
}
