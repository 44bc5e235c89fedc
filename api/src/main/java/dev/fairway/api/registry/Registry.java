package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.store.Store;
import dev.fairway.store.StoreException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// The API without HTTP: every read and write of every kind. The HTTP server and the in-process client both stand on
/// it, so they behave alike.
///
/// A kind that is a view of another is turned into that one here: below, there are stored objects only.
///
/// Objects that come out are shared and must not be edited. Refusals are {@link ApiException}.
public final class Registry implements AutoCloseable {

    private final Store store;
    private final WatchHub hub;
    private final Reads reads;
    private final Watches watches;
    private final Creates creates;
    private final Updates updates;
    private final Deletes deletes;

    private Registry(Store store, InstantSource clock, RandomGenerator random, Admission admission) {
        this.store = store;
        ObjectCache cache = new ObjectCache();
        this.hub = WatchHub.open(store, cache);
        this.watches = new Watches(store, cache, hub);
        this.reads = new Reads(store, cache, watches);
        WriteLoop loop = new WriteLoop(store, cache, clock, random);
        this.creates = new Creates(loop, cache, admission);
        this.updates = new Updates(loop, creates, admission);
        this.deletes = new Deletes(loop, admission);
    }

    /// @param random safe for use by many threads
    public static Registry open(Store store, InstantSource clock, RandomGenerator random) {
        return open(store, clock, random, Admission.NONE);
    }

    /// The same, with writes judged by `admission`.
    public static Registry open(Store store, InstantSource clock, RandomGenerator random, Admission admission) {
        return new Registry(store, clock, random, admission);
    }

    public long revision() {
        return store.revision();
    }

    /// Why watches are behind the store, if they are.
    public Optional<String> behind() {
        return watches.behind();
    }

    /// Makes what follows see everything that any API server on the same store has acknowledged.
    public void catchUp() {
        try {
            store.catchUp();
        } catch (StoreException e) {
            throw Refusal.storage(e);
        }
    }

    public ObjectNode get(Kind kind, String namespace, String name) {
        return get(kind, namespace, name, "").tree();
    }

    /// @param resourceVersion not older than this; empty or `0` for no such wish
    public Stored get(Kind kind, String namespace, String name, String resourceVersion) {
        return reads.get(kind.stored(), namespace, name, resourceVersion).shownAs(kind);
    }

    public Listed list(Kind kind, ListQuery query) {
        return reads.list(kind.stored(), query).shownAs(kind);
    }

    /// The caller polls the watcher on one thread and closes it.
    public Watcher watch(Kind kind, WatchQuery query) {
        return watches.open(kind, query);
    }

    public Written create(Kind kind, String namespace, ObjectNode object, WriteOptions options) {
        return creates.create(kind.stored(), namespace, kind.store(object), options)
                .shownAs(kind);
    }

    /// Replaces the object; with a `resourceVersion` only if it is still that one.
    public Written replace(
            Kind kind, String namespace, String name, Section section, ObjectNode object, WriteOptions options) {
        return updates.replace(kind.stored(), namespace, name, section, kind.store(object), options)
                .shownAs(kind);
    }

    /// Changes the object by a function of its present state, such as a patch. The function gets a copy, and is called
    /// again when somebody else changed the object meanwhile.
    public Written change(
            Kind kind,
            String namespace,
            String name,
            Section section,
            UnaryOperator<ObjectNode> edit,
            WriteOptions options) {
        UnaryOperator<ObjectNode> stored = object -> kind.store(edit.apply(kind.show(object)));
        return updates.change(kind.stored(), namespace, name, section, stored, options)
                .shownAs(kind);
    }

    /// Server-side apply: creates the object when it is missing.
    ///
    /// @param applied as the client sent it
    /// @param force takes fields from their owners in place of refusing
    public Written apply(
            Kind kind,
            String namespace,
            String name,
            Section section,
            ObjectNode applied,
            boolean force,
            WriteOptions options) {
        return updates.apply(kind, new Updates.Target(namespace, name, section), applied, force, options)
                .shownAs(kind);
    }

    public Written delete(Kind kind, String namespace, String name, DeleteQuery query, WriteOptions options) {
        return deletes.delete(kind.stored(), namespace, name, query, options).shownAs(kind);
    }

    /// Deletes what a list finds; objects that vanish meanwhile are left out of the answer.
    public List<ObjectNode> deleteAll(Kind kind, ListQuery which, DeleteQuery query, WriteOptions options) {
        List<ObjectNode> deleted = new ArrayList<>();
        for (ObjectNode object : list(kind, which).items()) {
            try {
                deleted.add(delete(kind, Meta.namespace(object), Meta.name(object), query, options)
                        .object());
            } catch (ApiException e) {
                if (!e.isNotFound()) {
                    throw e;
                }
            }
        }
        return deleted;
    }

    /// Ends every watch. The store stays open.
    @Override
    public void close() {
        hub.close();
    }
}
