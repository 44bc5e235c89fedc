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
    private Unsaved unsaved = new Unsaved(Optional.empty(), new TreeMap<>(), "");
    private boolean saved = true;
    private boolean listed;

    /// @param whole a list that makes what is in the file invalid
    /// @param changes since then, empty for objects that are gone
    private record Unsaved(Optional<Listing> whole, Map<ObjectKey, Optional<ObjectNode>> changes, String revision) {

        /// This, and then what came later.
        Unsaved then(Unsaved later) {
            if (later.whole.isPresent()) {
                return later;
            }
            Map<ObjectKey, Optional<ObjectNode>> all = new TreeMap<>(changes);
            all.putAll(later.changes);
            return new Unsaved(whole, all, later.revision);
        }
    }

    KnownCollection(Path file) {
        this.file = new CollectionFile(file);
    }

    /// The server has listed it.
    synchronized void replace(Listing listing) {
        unsaved = new Unsaved(Optional.of(listing), new TreeMap<>(), listing.resourceVersion());
        saved = false;
        listed = true;
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
        unsaved = new Unsaved(unsaved.whole(), unsaved.changes(), now);
        saved = false;
    }

    private synchronized Unsaved take() {
        Unsaved taken = unsaved;
        unsaved = new Unsaved(Optional.empty(), new TreeMap<>(), taken.revision());
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
                if (taken.whole().isPresent()) {
                    file.replace(taken.whole().get());
                }
                if (taken.whole().isEmpty() || !taken.changes().isEmpty()) {
                    file.append(taken.changes(), taken.revision());
                }
            } catch (IOException | UncheckedIOException e) {
                putBack(taken);
                throw e;
            }
        }
    }

    private synchronized Unsaved copy() {
        return new Unsaved(unsaved.whole(), new TreeMap<>(unsaved.changes()), unsaved.revision());
    }

    /// What is known; empty before anything is.
    ///
    /// @throws IOException when the file cannot be read
    Optional<Listing> known() throws IOException {
        synchronized (filing) {
            Unsaved now = copy();
            Optional<Listing> base = now.whole().isPresent() ? now.whole() : file.read();
            return base.map(listing -> with(listing, now));
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
