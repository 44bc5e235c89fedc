package dev.fairway.scenarios.race;

import java.util.Set;

/// One event of a watch.
///
/// @param key `services/default/web` or `ipaddresses/10.96.0.7`
/// @param owner the Service that an address belongs to; of a Service itself, its own key
/// @param holds `ip/10.96.0.7`, `port/30007`: what the owner holds by this object
record Seen(Type type, String key, String owner, long revision, String uid, Set<String> holds) {

    static final String SERVICES = "services";
    static final String ADDRESSES = "ipaddresses";

    enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    Seen {
        holds = Set.copyOf(holds);
    }

    String collection() {
        return key.substring(0, key.indexOf('/'));
    }
}
