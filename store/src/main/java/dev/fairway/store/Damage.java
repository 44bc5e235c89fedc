package dev.fairway.store;

import java.nio.file.Path;

/// What is said when a state folder does not hold what was written to it.
final class Damage {

    private Damage() {}

    static StoreException found(Path folder, String fact) {
        return new StoreException("the state in " + folder + " is damaged: " + fact
                + "; nothing of it is served. Restore a backup (fairway restore FILE)");
    }
}
