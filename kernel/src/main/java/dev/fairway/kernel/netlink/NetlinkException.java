package dev.fairway.kernel.netlink;

import dev.fairway.kernel.KernelException;
import org.jspecify.annotations.Nullable;

/// The kernel refused a netlink request. Callers that know what they asked for turn it into a `KernelException`.
public final class NetlinkException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient @Nullable NetlinkError error;

    public NetlinkException(NetlinkError error) {
        super("netlink request " + error.sequence() + ": " + error.errno()
                + (error.text().isEmpty() ? "" : " (" + error.text() + ")"));
        this.error = error;
    }

    public NetlinkError error() {
        if (error == null) {
            throw new IllegalStateException("the error is not kept in serialized form");
        }
        return error;
    }

    /// The same refusal, with the operation and the object that the caller knows.
    public KernelException toKernelException(String operation, String object) {
        return new KernelException(operation, object, error().errno(), error().text());
    }
}
