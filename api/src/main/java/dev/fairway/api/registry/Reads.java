package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import dev.fairway.store.CompactedException;
import dev.fairway.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Gets and lists.
final class Reads {

    /// Entries read from the store at a time while a selector leaves most of them out.
    private static final int STEP = 1000;

    private static final String TOO_OLD = "The provided continue parameter is too old to display a consistent list "
            + "result. You can start a new list without the continue parameter, or use the continue token in this "
            + "response to retrieve the remainder of the results. Continuing with the provided token results in an "
            + "inconsistent list - objects that were created, modified, or deleted between the time the first chunk "
            + "was returned and now may show up in the list.";

    private final Store store;
    private final ObjectCache cache;
    private final Watches watches;

    Reads(Store store, ObjectCache cache, Watches watches) {
        this.store = store;
        this.cache = cache;
        this.watches = watches;
    }

    /// @param resourceVersion not older than this; empty or `0` for no such wish
    Stored get(Kind kind, String namespace, String name, String resourceVersion) {
        watches.await(Revisions.parse(resourceVersion));
        String key = Keys.object(kind.resource(), namespace, name);
        return store.get(key)
                .map(entry -> new Stored.Kept(entry, cache))
                .orElseThrow(() -> Refusal.notFound(kind.resource(), name));
    }

    Listed list(Kind kind, ListQuery query) {
        OptionRules.check(query);
        Scope scope = Scope.of(kind, query);
        Optional<ListToken> token =
                query.continued().isEmpty() ? Optional.empty() : Optional.of(ListToken.parse(query.continued()));
        long revision = token.isPresent() ? continuedRevision(query, token.get()) : firstRevision(query);
        try {
            return page(scope, query.limit(), token.map(ListToken::after).orElse(""), revision);
        } catch (CompactedException e) {
            throw token.map(Reads::expiredPage)
                    .orElseGet(() -> Refusal.expired("The resourceVersion for the provided list is too old."));
        }
    }

    /// @param collection the prefix that tokens leave out
    /// @param prefix of the keys to look at: who can only find one object, as `kubectl wait`, needs no scan
    private record Scope(Filter filter, String collection, String prefix) {
        static Scope of(Kind kind, ListQuery query) {
            Filter filter = Filter.parse(
                    kind,
                    query.namespace(),
                    query.selection().labels(),
                    query.selection().fields());
            String collection = Keys.prefix(kind.resource(), query.namespace());
            boolean placed = !kind.resource().namespaced() || !query.namespace().isEmpty();
            String prefix = filter.name()
                    .filter(name -> placed)
                    .map(name -> Keys.object(kind.resource(), query.namespace(), name))
                    .orElse(collection);
            return new Scope(filter, collection, prefix);
        }
    }

    private static long continuedRevision(ListQuery query, ListToken token) {
        if (!query.resourceVersion().isEmpty() && !query.resourceVersion().equals("0")) {
            throw Refusal.badRequest("specifying resource version is not allowed when using continue");
        }
        return token.revision() == ListToken.NEWEST ? 0 : token.revision();
    }

    /// The revision the first page is read at; 0 for the newest.
    private long firstRevision(ListQuery query) {
        long asked = Revisions.parse(query.resourceVersion());
        if (asked == 0) {
            return 0;
        }
        watches.await(asked);
        boolean exact = OptionRules.isExact(query) || (query.match().isEmpty() && query.limit() > 0);
        return exact ? asked : 0;
    }

    private Listed page(Scope scope, int limit, String afterName, long asked) {
        String after = afterName.isEmpty() ? "" : scope.collection + afterName;
        long revision = asked;
        List<Stored> found = new ArrayList<>();
        while (true) {
            int step = limit == 0 ? 0 : scope.filter.isSelective() ? STEP : limit;
            Store.Page page = store.list(scope.prefix, after, step, revision);
            for (int i = 0; i < page.entries().size(); i++) {
                Stored object = new Stored.Kept(page.entries().get(i), cache);
                if (scope.filter.isSelective() && !scope.filter.matches(object.tree())) {
                    continue;
                }
                found.add(object);
                boolean last = i + 1 == page.entries().size();
                if (found.size() == limit && (page.more() || !last)) {
                    return cut(scope, page, i, found);
                }
            }
            if (!page.more()) {
                return new Listed(found, Long.toString(page.revision()), "", OptionalLong.empty());
            }
            after = page.entries().getLast().key();
            revision = page.revision();
        }
    }

    private static Listed cut(Scope scope, Store.Page page, int at, List<Stored> found) {
        String last = page.entries().get(at).key().substring(scope.collection.length());
        String token = new ListToken(page.revision(), last).toText();
        long rest = page.remaining() + page.entries().size() - 1 - at;
        OptionalLong remaining = scope.filter.isSelective() ? OptionalLong.empty() : OptionalLong.of(rest);
        return new Listed(found, Long.toString(page.revision()), token, remaining);
    }

    /// A page whose state is gone: says how to go on without the old state.
    private static ApiException expiredPage(ListToken token) {
        ApiException.Details details = new ApiException.Details(
                "", "", "", "", List.of(), 0, token.inconsistent().toText());
        return new ApiException(410, "Expired", TOO_OLD, details);
    }
}
