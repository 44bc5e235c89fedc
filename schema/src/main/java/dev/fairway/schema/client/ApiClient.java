package dev.fairway.schema.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// All that controllers and agents may do with the API. One implementation calls the server in the same process, others
/// speak HTTP; they behave alike.
///
/// Objects that come out are shared and must be treated as immutable: `deepCopy()` before an edit. Objects handed in
/// are not kept. Every method throws {@link ApiException} with the server's Status when it is refused.
public interface ApiClient {

    /// Every collection that the server offers for listing, watching and deleting, cluster-wide ones too. Asks the
    /// server each time.
    List<Resource> resources();

    Optional<ObjectNode> get(Resource resource, String namespace, String name);

    /// The objects come without `metadata.managedFields`, here and from a watch; a write without them leaves the owners
    /// as they are.
    ///
    /// @param namespace empty for all namespaces, or for a cluster-wide kind
    Listing list(Resource resource, String namespace, Selection selection);

    /// The same list, each object handed over as soon as it is read: a large collection need not be there as a whole.
    /// What was handed over before a refusal is no whole list.
    ///
    /// @return the revision that the list was read at
    default String listEach(Resource resource, String namespace, Selection selection, Consumer<ObjectNode> each) {
        Listing listing = list(resource, namespace, selection);
        listing.items().forEach(each);
        return listing.resourceVersion();
    }

    /// Delivers every change after `resourceVersion`, in order, on a thread of the client; returns at once.
    /// The listener must be quick: record and return. After `closed` nothing more comes: list again, then watch.
    Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener);

    ObjectNode create(Resource resource, ObjectNode object);

    /// Replaces the object; with a `metadata.resourceVersion` only if it is still that one.
    ObjectNode update(Resource resource, ObjectNode object);

    /// Replaces only the status (and what else the `/status` subresource may change).
    ObjectNode updateStatus(Resource resource, ObjectNode object);

    /// A JSON merge patch (RFC 7386) to the object or to a subresource (`status`, or empty for the object).
    ObjectNode patch(Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch);

    /// Posts to a subresource of an object and returns the answer: `token` of a ServiceAccount.
    ObjectNode createSubresource(Resource resource, String namespace, String name, String subresource, ObjectNode body);

    /// Deletes as the API does it: finalizers and grace periods apply. Missing objects are a NotFound refusal.
    void delete(Resource resource, String namespace, String name, DeleteOptions options);

    /// @param labels label selector text, empty for all
    /// @param fields field selector text, empty for all
    record Selection(String labels, String fields) {
        public static final Selection ALL = new Selection("", "");
    }

    /// @param graceSeconds -1 for the kind's default
    /// @param uid only if the object has this uid; empty for any
    /// @param propagation `Background`, `Foreground`, `Orphan`, or empty for the kind's default
    record DeleteOptions(long graceSeconds, String uid, String propagation) {
        public static final DeleteOptions DEFAULT = new DeleteOptions(-1, "", "");

        public static DeleteOptions ofUid(String uid) {
            return new DeleteOptions(-1, uid, "");
        }
    }

    /// A consistent list and the revision it was read at.
    record Listing(List<ObjectNode> items, String resourceVersion) {
        public Listing {
            items = List.copyOf(items);
        }
    }

    /// What a watch delivers.
    interface WatchListener {
        void changed(ChangeKind kind, ObjectNode object);

        /// Only the revision has moved on.
        default void bookmark(String resourceVersion) {}

        /// The watch ended; the reason is empty when it was closed normally or timed out.
        void closed(Optional<ApiException> reason);
    }

    enum ChangeKind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /// An open watch; closing it twice is allowed.
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
