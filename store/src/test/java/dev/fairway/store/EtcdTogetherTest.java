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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.store.etcd.EtcdConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several stores on one etcd behave as one, and live through what happens to etcd.
class EtcdTogetherTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final long CLEAR_WITHIN_MILLIS = 5_000;

    @TempDir
    Path folder;

    private EtcdServer etcd;
    private final List<Store> open = new ArrayList<>();

    @BeforeEach
    void startEtcd() throws Exception {
        etcd = EtcdServer.start(folder);
        etcd.awaitReady();
    }

    @AfterEach
    void endAll() {
        open.forEach(Store::close);
        etcd.close();
    }

    private Store store() {
        return store(LONG);
    }

    private Store store(Duration compactEvery) {
        Store store = EtcdStore.open(EtcdConfig.parse(etcd.location()), ChangeWindow.Bounds.USUAL, compactEvery);
        open.add(store);
        return store;
    }

    @Test
    void whatOneAcknowledgedTheOtherSeesWithTheSameRevisions() {
        Store one = store();
        Store other = store();
        for (int i = 0; i < 200; i++) {
            Store writer = i % 2 == 0 ? one : other;
            Store reader = i % 2 == 0 ? other : one;
            long revision = done(writer, put("/a", "v" + i));
            reader.catchUp();
            assertThat(value(reader, "/a")).contains("v" + i);
            assertThat(reader.revision()).isEqualTo(revision);
        }
        assertThat(guarded(one, List.of(at("/a", one.revision() - 1)), put("/a", "x")))
                .isInstanceOf(Store.CommitResult.Refused.class);
    }

    @Test
    void aWatchGoesOnAtTheOtherStoreWithoutAGap() throws Exception {
        Store one = store();
        long start = done(one, put("/w/a", "1"));
        done(one, put("/w/a", "2"));
        Store late = store();
        Recorder heard = new Recorder();
        late.watch("/w/", start, heard);
        done(one, delete("/w/a"));
        assertThat(heard.await(2).stream().map(Keys::text)).containsExactly("~/w/a=2@3", "-/w/a=2@4");
        assertThat(late.compactedRevision()).isEqualTo(1);
    }

    @Test
    void foreignKeysDisturbNothing() throws Exception {
        Store one = store();
        etcd.control("put", "/other/key", "x");
        etcd.control("put", "/fairwayandmore/key", "x");
        assertThat(done(one, put("/a", "1"))).isEqualTo(4);
        one.catchUp();
        assertThat(one.revision()).isEqualTo(4);
        assertThat(texts(one.list("/"))).containsExactly("/a=1");
        assertThat(etcd.control("get", "--prefix", "/fairway/", "--print-value-only")
                        .strip())
                .isEqualTo("1");
    }

    @Test
    void transactionsMayBeLargerThanEtcdTakesAtOnce() {
        Store one = store();
        Store.Change[] many =
                IntStream.range(0, 700).mapToObj(i -> put("/alloc/" + i, "x")).toArray(Store.Change[]::new);
        List<Store.Guard> free =
                IntStream.range(0, 700).mapToObj(i -> absent("/alloc/" + i)).toList();
        assertThat(guarded(one, free, many)).isInstanceOf(Store.CommitResult.Done.class);
        assertThat(one.list("/alloc/").entries()).hasSize(700);
        assertThat(guarded(one, free, many)).isInstanceOfSatisfying(Store.CommitResult.Refused.class, refused -> {
            assertThat(refused.failed()).isEqualTo(absent("/alloc/0"));
            assertThat(refused.actual()).isPresent();
        });
        Store.Change[] gone =
                IntStream.range(0, 700).mapToObj(i -> delete("/alloc/" + i)).toArray(Store.Change[]::new);
        done(one, gone);
        assertThat(one.list("/alloc/").entries()).isEmpty();
    }

    @Test
    void anEtcdThatIsGoneIsNamedInTimeAndComesBack() throws Exception {
        Store one = store();
        Recorder heard = new Recorder();
        one.watch("/", 1, heard);
        done(one, put("/a", "1"));
        etcd.kill();
        refusedInTime(one::catchUp, StoreException.Meaning.UNAVAILABLE);
        refusedInTime(() -> done(one, put("/a", "2")), StoreException.Meaning.UNAVAILABLE);
        assertThat(value(one, "/a")).contains("1");
        etcd.restart();
        one.catchUp();
        long revision = done(one, put("/a", "3"));
        assertThat(heard.await(2).getLast().revision()).isEqualTo(revision);
    }

    @Test
    void anEtcdThatHangsIsNamedInTimeAndComesBack() throws Exception {
        Store one = store();
        done(one, put("/a", "1"));
        etcd.freeze(true);
        try {
            refusedInTime(one::catchUp, StoreException.Meaning.UNAVAILABLE);
            refusedInTime(() -> done(one, put("/a", "2")), StoreException.Meaning.UNKNOWN_OUTCOME);
        } finally {
            etcd.freeze(false);
        }
        one.catchUp();
        done(one, put("/b", "1"));
        assertThat(value(one, "/b")).contains("1");
    }

    private void refusedInTime(Runnable call, StoreException.Meaning meaning) {
        long start = System.nanoTime();
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.meaning()).isEqualTo(meaning))
                .hasMessageContaining("etcd at " + etcd.endpoint());
        assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(CLEAR_WITHIN_MILLIS + 3_000);
    }

    @Test
    void aWatchLivesThroughRestartsOfEtcd() throws Exception {
        Store one = store();
        Recorder heard = new Recorder();
        one.watch("/", 1, heard);
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            revisions.add(done(one, put("/a", "v" + i)));
            etcd.restart();
            one.catchUp();
        }
        assertThat(heard.await(3).stream().map(Store.Event::revision)).isEqualTo(revisions);
    }

    @Test
    void oneOfThemCompactsAndNobodyNotices() throws Exception {
        Store one = store(Duration.ofMillis(300));
        Store other = store(Duration.ofMillis(300));
        Recorder heard = new Recorder();
        other.watch("/", 1, heard);
        String record = "";
        int puts = 0;
        while (puts < 200 && record.isEmpty()) {
            done(one, put("/a", "v" + puts++));
            Thread.sleep(50);
            record = etcd.control("get", "/fairway:compacted", "--print-value-only")
                    .strip();
        }
        long last = done(one, put("/a", "last"));
        other.catchUp();
        assertThat(heard.await(puts + 1)).extracting(Store.Event::revision).contains(last);
        Store late = store(LONG);
        assertThat(late.compactedRevision()).isGreaterThanOrEqualTo(Long.parseLong(record));
        assertThat(texts(late.list("/"))).containsExactly("/a=last");
    }

    @Test
    void foreignCompactionCostsHistoryOnlyWhereItWasNeeded() throws Exception {
        Store one = store();
        long before = done(one, put("/a", "1"));
        for (int i = 0; i < 5; i++) {
            etcd.control("put", "/other", "v" + i);
        }
        etcd.control("compact", Long.toString(before + 4));
        etcd.restart();
        one.catchUp();
        Recorder heard = new Recorder();
        one.watch("/", before, heard);
        done(one, put("/a", "2"));
        assertThat(heard.await(1)).hasSize(1);
        assertThat(value(one, "/a")).contains("2");
    }
}
