package dev.fairway.api.registry;

import dev.fairway.api.security.User;

/// @param dryRun everything but the commit
/// @param user who writes
/// @param manager what the client calls itself: the owner of the fields it writes; not empty
/// @param subresource of the object through which it writes, when that is no section of it; may be empty
public record WriteOptions(boolean dryRun, User user, String manager, String subresource) {

    private static final String SYSTEM = "system:";

    public WriteOptions(boolean dryRun, User user, String manager) {
        this(dryRun, user, manager, "");
    }

    /// The options of a part of this very program.
    public static WriteOptions of(User user) {
        return new WriteOptions(false, user, managerOf(user.name()));
    }

    /// `fairway-node` for `system:node:node-1`, say.
    private static String managerOf(String user) {
        return user.startsWith(SYSTEM)
                ? "fairway-" + user.substring(SYSTEM.length()).split(":")[0]
                : user;
    }

    public WriteOptions through(String otherSubresource) {
        return new WriteOptions(dryRun, user, manager, otherSubresource);
    }
}
