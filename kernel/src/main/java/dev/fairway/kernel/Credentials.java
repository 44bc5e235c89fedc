package dev.fairway.kernel;

import java.util.List;
import java.util.Optional;

/// As whom a process runs (`man 7 credentials`).
///
/// @param capabilities the most that it may ever have, as `setpriv --bounding-set` names them; all when empty
/// @param gainsNothing set-user-id programs give it no more (`no_new_privs`)
public record Credentials(
        long user, long group, List<Long> groups, Optional<String> capabilities, boolean gainsNothing) {

    public static final Credentials ROOT = new Credentials(0, 0, List.of(), Optional.empty(), false);

    public Credentials {
        groups = List.copyOf(groups);
    }
}
