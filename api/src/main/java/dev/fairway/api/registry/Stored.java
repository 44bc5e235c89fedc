package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.Json;
import dev.fairway.schema.LeanJson;
import dev.fairway.schema.codec.Protobuf;
import dev.fairway.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One object at one revision, in whichever form the reader needs. Forms are made when they are asked for.
public sealed interface Stored {

    /// Shared: not to be edited.
    ObjectNode tree();

    /// The object without its managed fields, for those who keep many. Shared: not to be edited.
    default ObjectNode lean() {
        return LeanJson.of(tree());
    }

    /// The object as JSON text.
    byte[] json();

    /// The same text, into a longer one.
    default void writeJson(OutputStream out) throws IOException {
        out.write(json());
    }

    /// The object's protobuf message, without envelope.
    byte[] protobuf();

    static Stored of(ObjectNode object) {
        return new Loose(object);
    }

    /// The object in the form of a kind that shows it.
    default Stored shownAs(Kind kind) {
        return kind.view().isEmpty() ? this : new Shown(this, kind);
    }

    /// As it lies in the store.
    record Kept(Store.Entry entry, ObjectCache cache) implements Stored {
        @Override
        public ObjectNode tree() {
            return cache.object(entry);
        }

        @Override
        public ObjectNode lean() {
            return cache.lean(entry);
        }

        @Override
        public byte[] json() {
            return StoredJson.served(entry.value(), entry.revision()).orElseGet(() -> Json.toBytes(tree()));
        }

        @Override
        public void writeJson(OutputStream out) throws IOException {
            if (!StoredJson.serve(entry.value(), entry.revision(), out)) {
                out.write(Json.toBytes(tree()));
            }
        }

        @Override
        public byte[] protobuf() {
            return cache.protobuf(entry);
        }
    }

    /// Just written.
    ///
    /// @param text as it went to the store
    record Fresh(ObjectNode tree, byte[] text, long revision) implements Stored {
        @Override
        public byte[] json() {
            return StoredJson.served(text, revision).orElseGet(() -> Json.toBytes(tree));
        }

        @Override
        public byte[] protobuf() {
            return Protobuf.message(tree);
        }
    }

    /// The last state of an object that is gone, or that a watcher no longer sees, with the revision of that change.
    final class Last implements Stored {
        private final Store.Entry entry;
        private @Nullable ObjectNode tree;

        /// @param entry whose revision is that of the change
        Last(Store.Entry entry) {
            this.entry = entry;
        }

        @Override
        public synchronized ObjectNode tree() {
            if (tree == null) {
                tree = ObjectCache.decode(entry);
            }
            return tree;
        }

        @Override
        public byte[] json() {
            return StoredJson.served(entry.value(), entry.revision()).orElseGet(() -> Json.toBytes(tree()));
        }

        @Override
        public byte[] protobuf() {
            return Protobuf.message(tree());
        }
    }

    /// In the form of a kind that is a view of another.
    record Shown(Stored stored, Kind kind) implements Stored {
        @Override
        public ObjectNode tree() {
            return kind.show(stored.tree());
        }

        @Override
        public byte[] json() {
            return Json.toBytes(tree());
        }

        @Override
        public byte[] protobuf() {
            return Protobuf.message(tree());
        }
    }

    /// Not read from the store, such as an answer to a write.
    record Loose(ObjectNode tree) implements Stored {
        @Override
        public byte[] json() {
            return Json.toBytes(tree);
        }

        @Override
        public byte[] protobuf() {
            return Protobuf.message(tree);
        }
    }
}
