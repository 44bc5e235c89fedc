package dev.fairway.store;

import dev.fairway.store.etcd.EtcdConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/// The laws over a real etcd, a new one for each.
class EtcdStoreTest extends StoreLaws {

    @TempDir
    Path folder;

    private @Nullable EtcdServer etcd;

    @Override
    Store open(ChangeWindow.Bounds bounds) {
        try {
            etcd = EtcdServer.start(folder);
            return EtcdStore.open(EtcdConfig.parse(etcd.location()), bounds, Duration.ofMinutes(5));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void endEtcd() {
        if (etcd != null) {
            etcd.close();
        }
    }
}
