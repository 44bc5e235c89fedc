package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import dev.fairway.store.CompactedException;
import dev.fairway.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// Gets and lists.
final class Reads {

    /// Entries read from the store at a time while a selector leaves most of them out.
    private static final int STEP = 1000;

    private final Store store;
    private final ObjectCache cache;
    private final Watches watches;

    Reads(Store store, ObjectCache cache, Watches watches) {
        this.store = store;
        this.cache = cache;
        this.watches = watches;
    }

    ObjectNode get(Kind kind, String namespace, String name) {
        String key = Keys.object(kind.resource(), namespace, name);
        return store.get(key).map(cache::object).orElseThrow(() -> Refusal.notFound(kind.resource(), name));
    }

    Listed list(Kind kind, ListQuery query) {
        Scope scope = Scope.of(kind, query);
        try {
            return page(scope, query);
        } catch (CompactedException e) {
            throw expired(query, e);
        }
    }

    private record Scope(Filter filter, String prefix) {
        static Scope of(Kind kind, ListQuery query) {
            Filter filter = Filter.parse(
                    kind,
                    query.namespace(),
                    query.selection().labels(),
                    query.selection().fields());
            return new Scope(filter, Keys.prefix(kind.resource(), query.namespace()));
        }
    }

    private Listed page(Scope scope, ListQuery query) {
        String after = "";
        long revision = firstRevision(query);
        if (!query.continued().isEmpty()) {
            ListToken token = ListToken.parse(query.continued());
            after = token.after();
            revision = token.revision();
        }
        List<ObjectNode> items = new ArrayList<>();
        while (true) {
            int step = query.limit() == 0 ? 0 : scope.filter.isSelective() ? STEP : query.limit();
            Store.Page page = store.list(scope.prefix, after, step, revision);
            for (int i = 0; i < page.entries().size(); i++) {
                ObjectNode object = cache.object(page.entries().get(i));
                if (!scope.filter.matches(object)) {
                    continue;
                }
                items.add(object);
                boolean last = i + 1 == page.entries().size();
                if (items.size() == query.limit() && (page.more() || !last)) {
                    return cut(scope, page, i, items);
                }
            }
            if (!page.more()) {
                return new Listed(items, Long.toString(page.revision()), "", OptionalLong.empty());
            }
            after = page.entries().getLast().key();
            revision = page.revision();
        }
    }

    private static Listed cut(Scope scope, Store.Page page, int at, List<ObjectNode> items) {
        String token = new ListToken(page.revision(), page.entries().get(at).key()).toText();
        long rest = page.remaining() + page.entries().size() - 1 - at;
        OptionalLong remaining = scope.filter.isSelective() ? OptionalLong.empty() : OptionalLong.of(rest);
        return new Listed(items, Long.toString(page.revision()), token, remaining);
    }

    /// The revision the first page is read at; 0 for the newest.
    private long firstRevision(ListQuery query) {
        long asked = Revisions.parse(query.resourceVersion());
        checkMatch(query, asked);
        if (asked == 0 || !query.continued().isEmpty()) {
            return 0;
        }
        watches.await(asked);
        boolean exact = query.match().equals("Exact") || (query.match().isEmpty() && query.limit() > 0);
        return exact ? asked : 0;
    }

    private static void checkMatch(ListQuery query, long asked) {
        boolean known = List.of("", "Exact", "NotOlderThan").contains(query.match());
        if (!known) {
            throw Refusal.badRequest(
                    "resourceVersionMatch: Unsupported value: \"" + query.match() + "\": use Exact or NotOlderThan");
        }
        if (!query.continued().isEmpty() && asked != 0) {
            throw Refusal.badRequest("specifying resource version is not allowed when using continue");
        }
        if (!query.match().isEmpty() && query.resourceVersion().isEmpty()) {
            throw Refusal.badRequest("resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless "
                    + "resourceVersion is provided");
        }
        if (query.match().equals("Exact") && asked == 0) {
            throw Refusal.badRequest("resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden "
                    + "for resourceVersion \"0\"");
        }
    }

    /// A page whose state is gone: says where to go on without the old state.
    private static ApiException expired(ListQuery query, CompactedException e) {
        if (query.continued().isEmpty()) {
            return Refusal.expired("The resourceVersion for the provided list is too old: " + e.getMessage());
        }
        return Refusal.expired("The provided continue parameter is too old to display a consistent list result. "
                + "You can start a new list without the continue parameter");
    }
}
