package dev.fairway.kernel;

/// The kernel refused: what was done, to what, and the error number, for example
/// `add link pods: EEXIST (File exists ...)`. The kernel's own words follow in parentheses when it gave some.
public final class KernelException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String operation;
    private final String object;
    private final int errno;

    public KernelException(String operation, String object, Errno errno) {
        this(operation, object, errno, "");
    }

    public KernelException(String operation, String object, Errno errno, String detail) {
        super(operation + " " + object + ": " + errno + (detail.isEmpty() ? "" : " (" + detail + ")"));
        this.operation = operation;
        this.object = object;
        this.errno = errno.number();
    }

    /// What was done: `mount`, `add address`.
    public String operation() {
        return operation;
    }

    /// What it was done to: a path, a link, a namespace.
    public String object() {
        return object;
    }

    public Errno errno() {
        return new Errno(errno);
    }

    public boolean is(Errno wanted) {
        return errno == wanted.number();
    }

    /// Passes on a result that is no error.
    ///
    /// @param result what a call of the C library returned: negated errno on failure
    /// @throws KernelException when the result is negative
    public static int check(long result, String operation, String object) {
        if (result < 0) {
            throw new KernelException(operation, object, new Errno((int) -result));
        }
        return (int) result;
    }
}
