package dev.fairway.balancer;

/// No address could be given. The message says why and what to do.
public final class PoolException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public PoolException(String message) {
        super(message);
    }
}
