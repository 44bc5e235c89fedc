package dev.fairway.api.registry;

/// @param dryRun everything but the commit
/// @param user who writes
/// @param fieldManager what the client calls itself; may be empty
public record WriteOptions(boolean dryRun, String user, String fieldManager) {

    public static WriteOptions of(String user) {
        return new WriteOptions(false, user, "");
    }
}
