package dev.fairway.store.etcd;

/// A call that etcd did not answer, or answered with an error.
public final class RpcException extends Exception {

    private static final long serialVersionUID = 1L;

    /// Status codes of gRPC (grpc.github.io, "Status codes and their use in gRPC").
    static final int DEADLINE_EXCEEDED = 4;
    static final int PERMISSION_DENIED = 7;
    static final int UNAVAILABLE = 14;
    static final int UNAUTHENTICATED = 16;

    private final int code;
    private final boolean sent;

    /// @param sent whether the server may have got the request
    RpcException(int code, boolean sent, String message) {
        super(message);
        this.code = code;
        this.sent = sent;
    }

    public int code() {
        return code;
    }

    public boolean maybeDone() {
        return sent && (code == UNAVAILABLE || code == DEADLINE_EXCEEDED);
    }

    /// The server is away or has no leader, rather than refusing.
    public boolean isOutage() {
        return code == UNAVAILABLE || code == DEADLINE_EXCEEDED;
    }

    boolean isTokenTrouble() {
        return code == UNAUTHENTICATED || text().contains("invalid auth token");
    }

    public String text() {
        return String.valueOf(getMessage());
    }
}
