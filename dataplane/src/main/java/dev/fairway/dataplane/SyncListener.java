package dev.fairway.dataplane;

import java.time.Duration;

/// Hears what the data plane has done, on its own thread: whoever takes long delays the next table.
public interface SyncListener {

    SyncListener NONE = new SyncListener() {
        @Override
        public void synced(Sync sync) {
            // nobody listens
        }

        @Override
        public void failed() {
            // nobody listens
        }
    };

    /// A table that is in force now.
    ///
    /// @param whole the kernel's rules were read before, and not only known from the batch before
    /// @param rules from taking the table to having it in the kernel
    /// @param flows what ending UDP flows took after that
    /// @param flowsEnded how many
    record Sync(long revision, boolean whole, Duration rules, Duration flows, long flowsEnded) {}

    void synced(Sync sync);

    /// The kernel refused; it is tried again.
    void failed();
}
