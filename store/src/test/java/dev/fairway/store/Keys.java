package dev.fairway.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Words for the tests: small transactions over text values.
final class Keys {

    private Keys() {}

    static Store.Change put(String key, String value) {
        return new Store.Change.Put(key, value.getBytes(StandardCharsets.UTF_8));
    }

    static Store.Change delete(String key) {
        return new Store.Change.Delete(key);
    }

    static Store.Guard absent(String key) {
        return new Store.Guard.Absent(key);
    }

    static Store.Guard at(String key, long revision) {
        return new Store.Guard.At(key, revision);
    }

    static long done(Store store, Store.Change... changes) {
        return ((Store.CommitResult.Done) guarded(store, List.of(), changes)).revision();
    }

    static Store.CommitResult guarded(Store store, List<Store.Guard> guards, Store.Change... changes) {
        return store.commit(new Store.Transaction(guards, Arrays.asList(changes)));
    }

    static String text(Store.Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    static Optional<String> value(Store store, String key) {
        return store.get(key).map(Keys::text);
    }

    static List<String> texts(Store.Page page) {
        return page.entries().stream()
                .map(entry -> entry.key() + "=" + text(entry))
                .toList();
    }

    static String text(Store.Event event) {
        String what = event.deleted() ? "-" : event.before().isPresent() ? "~" : "+";
        return what + event.now().key() + "=" + text(event.now()) + "@" + event.revision();
    }
}
