package dev.fairway.schema.patch;

import dev.fairway.schema.ApiException;

/// The ways in which a patch is refused.
final class Refusal {

    private Refusal() {}

    /// The patch itself makes no sense.
    static ApiException malformed(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    /// The patch does not fit the object.
    static ApiException unfit(String message) {
        return new ApiException(422, "Invalid", message);
    }

    static ApiException tooLarge(String message) {
        return new ApiException(413, "RequestEntityTooLarge", message);
    }
}
