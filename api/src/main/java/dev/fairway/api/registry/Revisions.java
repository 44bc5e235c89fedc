package dev.fairway.api.registry;

/// Resource versions as clients write them.
final class Revisions {

    private Revisions() {}

    /// 0 for the empty text.
    ///
    /// @throws dev.fairway.schema.ApiException when it is no revision
    static long parse(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw Refusal.badRequest("resourceVersion: Invalid value: \"" + text + "\": not a resource version");
        }
    }
}
