package dev.fairway.schema;

import java.util.List;

/// A refusal as the API states it: a Kubernetes `Status` with reason, message and causes. Thrown by every ApiClient and
/// answered as it stands by the API server.
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// One cause of a refusal, tied to a field path such as `spec.ports[0].nodePort`.
    public record Cause(String reason, String message, String field) {}

    private final int code;
    private final String reason;
    private final transient Details details;

    /// @param retryAfterSeconds 0 when a retry is not suggested
    /// @param continued the token by which an expired list may go on; empty for none
    public record Details(
            String group,
            String kind,
            String name,
            String uid,
            List<Cause> causes,
            int retryAfterSeconds,
            String continued) {

        public static final Details NONE = new Details("", "", "", "", List.of(), 0);

        public Details {
            causes = List.copyOf(causes);
        }

        public Details(String group, String kind, String name, String uid, List<Cause> causes, int retryAfterSeconds) {
            this(group, kind, name, uid, causes, retryAfterSeconds, "");
        }
    }

    public ApiException(int code, String reason, String message, Details details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    public ApiException(int code, String reason, String message) {
        this(code, reason, message, Details.NONE);
    }

    /// The HTTP status: 404, 409, 422 and so on.
    public int code() {
        return code;
    }

    /// The machine-readable reason: `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, `Expired` and so on.
    public String reason() {
        return reason;
    }

    public Details details() {
        return details;
    }

    /// The message, never null.
    public String text() {
        String message = getMessage();
        return message == null ? reason : message;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    public boolean isConflict() {
        return reason.equals("Conflict");
    }

    public boolean isAlreadyExists() {
        return reason.equals("AlreadyExists");
    }

    /// A watch or list asked for a revision that is compacted: list again.
    public boolean isExpired() {
        return code == 410;
    }
}
