package dev.fairway.store;

import static dev.fairway.store.Keys.absent;
import static dev.fairway.store.Keys.at;
import static dev.fairway.store.Keys.delete;
import static dev.fairway.store.Keys.done;
import static dev.fairway.store.Keys.guarded;
import static dev.fairway.store.Keys.put;
import static dev.fairway.store.Keys.texts;
import static dev.fairway.store.Keys.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine owes; each engine's test extends it.
abstract class StoreLaws {

    private Store store = Stores.memory();

    abstract Store open(ChangeWindow.Bounds bounds);

    @BeforeEach
    void openStore() {
        store.close();
        store = open(new ChangeWindow.Bounds(1_000, 1L << 20, Duration.ofHours(1)));
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void anEmptyStoreIsAtRevisionOne() {
        assertThat(store.revision()).isEqualTo(1);
        assertThat(store.compactedRevision()).isEqualTo(1);
        assertThat(texts(store.list(""))).isEmpty();
        assertThat(value(store, "/a")).isEmpty();
    }

    @Test
    void entriesCarryTheRevisionsOfTheirCreationAndLastChange() {
        done(store, put("/a", "1"));
        done(store, put("/b", "1"));
        assertThat(done(store, put("/a", "2"))).isEqualTo(4);
        Store.Entry entry = store.get("/a").orElseThrow();
        assertThat(entry.createRevision()).isEqualTo(2);
        assertThat(entry.revision()).isEqualTo(4);

        done(store, delete("/a"));
        done(store, put("/a", "3"));
        assertThat(store.get("/a").orElseThrow().createRevision()).isEqualTo(6);
    }

    @Test
    void aTransactionIsAllOrNothing() {
        long first = done(store, put("/a", "1"), put("/b", "1"));
        assertThat(store.get("/a").orElseThrow().revision()).isEqualTo(first);
        assertThat(store.get("/b").orElseThrow().revision()).isEqualTo(first);

        Store.CommitResult result =
                guarded(store, List.of(at("/a", first), absent("/b")), put("/a", "2"), delete("/b"));
        assertThat(result).isInstanceOfSatisfying(Store.CommitResult.Refused.class, refused -> {
            assertThat(refused.failed()).isEqualTo(absent("/b"));
            assertThat(refused.actual().map(Keys::text)).contains("1");
        });
        assertThat(texts(store.list("/"))).containsExactly("/a=1", "/b=1");
        assertThat(store.revision()).isEqualTo(first);
    }

    @Test
    void guardsHoldOnlyForTheExactRevision() {
        long first = done(store, put("/a", "1"));
        assertThat(guarded(store, List.of(at("/a", first - 1)), put("/a", "x")))
                .isInstanceOf(Store.CommitResult.Refused.class);
        assertThat(guarded(store, List.of(at("/missing", 0)), put("/a", "x")))
                .isInstanceOf(Store.CommitResult.Refused.class);
        assertThat(guarded(store, List.of(at("/a", first), absent("/b")), put("/a", "2")))
                .isEqualTo(new Store.CommitResult.Done(first + 1));
    }

    @Test
    void aTransactionThatChangesNothingKeepsTheRevision() {
        long first = done(store, put("/a", "1"));
        assertThat(done(store, delete("/missing"))).isEqualTo(first);
        assertThat(guarded(store, List.of(at("/a", first)))).isEqualTo(new Store.CommitResult.Done(first));
    }

    @Test
    void changingAKeyTwiceInOneTransactionIsRefused() {
        assertThatThrownBy(() -> done(store, put("/a", "1"), delete("/a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a transaction changes key /a twice");
    }

    @Test
    void listsGiveTheKeysUnderAPrefixInOrder() {
        done(store, put("/b/2", "v"), put("/a/1", "v"), put("/b/1", "v"), put("/bb", "v"), put("/b/10", "v"));
        assertThat(texts(store.list("/b/"))).containsExactly("/b/1=v", "/b/10=v", "/b/2=v");
        assertThat(texts(store.list("/b"))).hasSize(4);
        assertThat(texts(store.list("/c"))).isEmpty();
    }

    @Test
    void pagesOfOneRevisionGoTogetherWhateverHappensBetween() {
        done(store, put("/p/1", "old"), put("/p/2", "old"), put("/p/3", "old"), put("/q", "old"));
        Store.Page first = store.list("/p/", "", 2, 0);
        assertThat(texts(first)).containsExactly("/p/1=old", "/p/2=old");
        assertThat(first.more()).isTrue();
        assertThat(first.remaining()).isEqualTo(1);

        done(store, delete("/p/3"), put("/p/2", "new"));
        done(store, put("/p/4", "new"), put("/p/2", "newer"));
        Store.Page second = store.list("/p/", "/p/2", 2, first.revision());
        assertThat(texts(second)).containsExactly("/p/3=old");
        assertThat(second.more()).isFalse();
        assertThat(second.revision()).isEqualTo(first.revision());
        assertThat(texts(store.list("/p/", "", 0, first.revision())))
                .containsExactly("/p/1=old", "/p/2=old", "/p/3=old");
        assertThat(texts(store.list("/p/"))).containsExactly("/p/1=old", "/p/2=newer", "/p/4=new");
    }

    @Test
    void aWatchRepeatsThePastAndGoesOnLive() throws Exception {
        long start = done(store, put("/w/1", "a"));
        done(store, put("/w/1", "b"), put("/x", "elsewhere"));
        Recorder heard = new Recorder();
        try (Store.Watch watch = store.watch("/w/", start, heard)) {
            assertThat(watch).isNotNull();
            done(store, delete("/w/1"));
            done(store, put("/x", "elsewhere"));
            done(store, put("/w/2", "c"));
            assertThat(heard.await(3).stream().map(Keys::text)).containsExactly("~/w/1=b@3", "-/w/1=b@4", "+/w/2=c@6");
            assertThat(heard.events().get(1).before().map(Keys::text)).contains("b");
        }
    }

    @Test
    void aClosedWatchHearsNothingMore() throws Exception {
        Recorder closed = new Recorder();
        Recorder open = new Recorder();
        Store.Watch watch = store.watch("/", 1, closed);
        try (Store.Watch other = store.watch("/", 1, open)) {
            assertThat(other).isNotNull();
            done(store, put("/a", "1"));
            closed.await(1);
            watch.close();
            done(store, put("/a", "2"));
            open.await(2);
            assertThat(closed.events()).hasSize(1);
        }
    }

    @Test
    void aListenerThatThrowsIsDroppedAndOthersGoOn() throws Exception {
        CountDownLatch dropped = new CountDownLatch(1);
        Recorder other = new Recorder();
        store.watch("/", 1, new Store.WatchListener() {
            @Override
            public void changed(List<Store.Event> events) {
                throw new IllegalStateException("meant to fail");
            }

            @Override
            public void dropped(String why) {
                dropped.countDown();
            }
        });
        store.watch("/", 1, other);
        done(store, put("/a", "1"));
        done(store, put("/a", "2"));
        assertThat(dropped.await(10, TimeUnit.SECONDS)).isTrue();
        other.await(2);
    }

    @Test
    void aListenerThatFallsBehindTheWindowIsDropped() throws Exception {
        Recorder heard = new Recorder();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        store.watch("/", 1, new Store.WatchListener() {
            @Override
            public void changed(List<Store.Event> events) {
                busy.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                heard.changed(events);
            }

            @Override
            public void dropped(String why) {
                heard.dropped(why);
            }
        });
        done(store, put("/a", "first"));
        assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 1_100; i++) {
            done(store, put("/a", "v" + i));
        }
        go.countDown();
        assertThat(heard.awaitDrop()).startsWith("too slow: revision 2 is no longer kept");
        assertThat(heard.events()).hasSize(1);
    }

    @Test
    void anIdleWatchIsNotDroppedByForeignChanges() throws Exception {
        Recorder heard = new Recorder();
        store.watch("/quiet/", 1, heard);
        for (int i = 0; i < 1_100; i++) {
            done(store, put("/loud", "v" + i));
        }
        done(store, put("/quiet/a", "1"));
        assertThat(heard.await(1)).hasSize(1);
    }

    @Test
    void forgottenAndFutureRevisionsAreRefused() {
        for (int i = 0; i < 1_100; i++) {
            done(store, put("/a", "v" + i));
        }
        assertThat(store.revision()).isEqualTo(1_101);
        assertThat(store.compactedRevision()).isEqualTo(101);
        assertThatExceptionOfType(CompactedException.class)
                .isThrownBy(() -> store.list("/", "", 0, 100))
                .withMessage("revision 100 is no longer kept; the oldest is 101");
        assertThatExceptionOfType(CompactedException.class)
                .isThrownBy(() -> store.watch("/", 100, new Recorder()))
                .satisfies(e -> assertThat(e.oldest()).isEqualTo(101));
        assertThat(texts(store.list("/", "", 0, 101))).containsExactly("/a=v99");
        assertThatThrownBy(() -> store.list("/", "", 0, 1_102))
                .isInstanceOf(StoreException.class)
                .hasMessage("revision 1102 has not happened yet; the newest is 1101");
    }

    @Test
    void largeValuesAreForgottenByTheirSize() {
        String large = "x".repeat(300_000);
        for (int i = 0; i < 10; i++) {
            done(store, put("/large", large + i));
        }
        assertThat(store.compactedRevision()).isEqualTo(8);
    }

    @Test
    void aClosedStoreRefusesWrites() {
        store.close();
        assertThatThrownBy(() -> done(store, put("/a", "1")))
                .isInstanceOf(StoreException.class)
                .hasMessage("the store is closed");
        store.close();
    }
}
