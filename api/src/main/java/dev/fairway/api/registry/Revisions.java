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
            long revision = Long.parseLong(text);
            if (revision >= 0) {
                return revision;
            }
        } catch (NumberFormatException e) {
            throw notOne(text);
        }
        throw notOne(text);
    }

    private static RuntimeException notOne(String text) {
        return Refusal.badRequest("invalid resource version: resourceVersion: Invalid value: \"" + text
                + "\": not a whole number of 0 or more");
    }
}
