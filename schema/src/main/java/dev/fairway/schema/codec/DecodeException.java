package dev.fairway.schema.codec;

/// Bytes or a tree that do not hold the object they should. The message names the field and what is wrong with it.
public final class DecodeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DecodeException(String message) {
        super(message);
    }

    public DecodeException(String message, Throwable cause) {
        super(message, cause);
    }

    /// The message, never null.
    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
