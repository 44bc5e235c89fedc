package dev.fairway.node;

import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import dev.fairway.schema.client.ApiClient.Listing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// A collection as far as it was seen: in a file, and in memory only what is not in the file yet.
final class KnownCollection {

    private final CollectionFile file;
    /// Held while the file is read or written; what is heard meanwhile does not wait for that.
    private final Object filing = new Object();
    private Unsaved unsaved = new Unsaved(new TreeMap<>(), "");
    private boolean saved = true;
    private boolean listed;

    /// @param changes since the file was written, empty for objects that are gone
    private record Unsaved(Map<ObjectKey, Optional<ObjectNode>> changes, String revision) {

        /// This, and then what came later.
        Unsaved then(Unsaved later) {
            Map<ObjectKey, Optional<ObjectNode>> all = new TreeMap<>(changes);
            all.putAll(later.changes);
            return new Unsaved(all, later.revision);
        }
    }

    KnownCollection(Path file) {
        this.file = new CollectionFile(file);
    }

    /// For the list that the server is just giving.
    CollectionFile.Rewrite rewrite() {
        return file.rewrite();
    }

    /// The server has listed it.
    ///
    /// @throws IOException when it was not written; then nothing is known until it is listed again
    void replace(CollectionFile.Rewrite fresh, String revision) throws IOException {
        synchronized (filing) {
            synchronized (this) {
                unsaved = new Unsaved(new TreeMap<>(), revision);
                saved = true;
                listed = true;
            }
            fresh.finish(revision);
        }
    }

    /// Whether a server has listed it since the start. What is known before that is another's.
    synchronized boolean isListed() {
        return listed;
    }

    synchronized void change(ChangeKind kind, ObjectNode object) {
        unsaved.changes().put(Meta.key(object), kind == ChangeKind.DELETED ? Optional.empty() : Optional.of(object));
        moved(Meta.resourceVersion(object));
    }

    synchronized void moved(String revision) {
        String now = revision.isEmpty() ? unsaved.revision() : revision;
        unsaved = new Unsaved(unsaved.changes(), now);
        saved = false;
    }

    private synchronized Unsaved take() {
        Unsaved taken = unsaved;
        unsaved = new Unsaved(new TreeMap<>(), taken.revision());
        saved = true;
        return taken;
    }

    private synchronized void putBack(Unsaved taken) {
        unsaved = taken.then(unsaved);
        saved = false;
    }

    private synchronized boolean isSaved() {
        return saved;
    }

    /// Brings the file up to date.
    ///
    /// @throws IOException when it cannot be written; nothing is forgotten then
    void save() throws IOException {
        synchronized (filing) {
            if (isSaved()) {
                return;
            }
            Unsaved taken = take();
            try {
                file.append(taken.changes(), taken.revision());
            } catch (IOException | UncheckedIOException e) {
                putBack(taken);
                throw e;
            }
        }
    }

    private synchronized Unsaved copy() {
        return new Unsaved(new TreeMap<>(unsaved.changes()), unsaved.revision());
    }

    /// What is known; empty before anything is.
    ///
    /// @throws IOException when the file cannot be read
    Optional<Listing> known() throws IOException {
        synchronized (filing) {
            Unsaved now = copy();
            return file.read().map(listing -> with(listing, now));
        }
    }

    private static Listing with(Listing base, Unsaved since) {
        Map<ObjectKey, ObjectNode> objects = new TreeMap<>();
        base.items().forEach(object -> objects.put(Meta.key(object), object));
        since.changes()
                .forEach(
                        (key, object) -> object.ifPresentOrElse(it -> objects.put(key, it), () -> objects.remove(key)));
        String revision = since.revision().isEmpty() ? base.resourceVersion() : since.revision();
        return new Listing(new ArrayList<>(objects.values()), revision);
    }
}
