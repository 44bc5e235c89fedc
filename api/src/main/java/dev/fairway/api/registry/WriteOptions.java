package dev.fairway.api.registry;

import dev.fairway.api.security.User;

/// @param dryRun everything but the commit
/// @param user who writes
/// @param fieldManager what the client calls itself; may be empty
public record WriteOptions(boolean dryRun, User user, String fieldManager) {

    public static WriteOptions of(User user) {
        return new WriteOptions(false, user, "");
    }
}
