package dev.fairway.node;

import dev.fairway.kernel.LoopThread;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// An API client that keeps on disk what it has listed and watched, so that a node that starts while no API server
/// answers, or lets it in, begins with what it knew last. No watch goes on from there: the server that answers at last
/// may be another one, so its collection is listed anew. Of Services it tells what a node needs.
public final class LastKnownApi implements ApiClient, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LastKnownApi.class);
    /// How much may be lost at a crash; a new start only begins so much earlier.
    private static final long SAVE_MILLIS = 1_000;
    /// While all changes all the time, saving takes one part in so many of a processor.
    private static final int SHARE = 20;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_FAILED = 500;

    private final ApiClient client;
    private final Path folder;
    private final Map<String, KnownCollection> copies = new ConcurrentHashMap<>();
    private final LoopThread saver;

    private LastKnownApi(ApiClient client, Path folder) {
        this.client = client;
        this.folder = folder;
        this.saver = LoopThread.virtual("last-known", this::saveAgainAndAgain);
    }

    /// @param folder where the copies are, made if it is not there
    /// @throws IOException when the folder cannot be made
    public static LastKnownApi open(ApiClient client, Path folder) throws IOException {
        Files.createDirectories(folder);
        LastKnownApi api = new LastKnownApi(client, folder);
        api.saver.start();
        return api;
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        List<ObjectNode> items = new ArrayList<>();
        String revision = listEach(resource, namespace, selection, items::add);
        return new Listing(items, revision);
    }

    @Override
    public String listEach(Resource resource, String namespace, Selection selection, Consumer<ObjectNode> each) {
        KnownCollection copy = copy(resource, namespace, selection);
        try (CollectionFile.Rewrite fresh = copy.rewrite()) {
            String revision = client.listEach(resource, namespace, selection, object -> {
                ObjectNode needed = needed(resource, object);
                fresh.put(needed);
                each.accept(needed);
            });
            keep(copy, fresh, revision);
            return revision;
        } catch (ApiException e) {
            if (!isPassing(e)) {
                throw e;
            }
            Listing known = known(resource, copy, e).orElseThrow(() -> e);
            known.items().forEach(each);
            return known.resourceVersion();
        }
    }

    private static ObjectNode needed(Resource resource, ObjectNode object) {
        return resource.equals(Resource.SERVICES) ? LeanService.of(object) : object;
    }

    private static void keep(KnownCollection copy, CollectionFile.Rewrite fresh, String revision) {
        try {
            copy.replace(fresh, revision);
        } catch (IOException e) {
            LOG.warn("what was listed is not known after a restart: {}", e.getMessage());
        }
    }

    private KnownCollection copy(Resource resource, String namespace, Selection selection) {
        String name = name(resource, namespace, selection);
        return copies.computeIfAbsent(name, _ -> new KnownCollection(folder.resolve(name)));
    }

    /// A server that is away or broken, or does not know the node's key just now, says nothing of the collection.
    private static boolean isPassing(ApiException e) {
        return e.code() >= SERVER_FAILED || e.code() == UNAUTHORIZED || e.code() == TOO_MANY_REQUESTS;
    }

    private static Optional<Listing> known(Resource resource, KnownCollection copy, ApiException why) {
        try {
            Optional<Listing> known = copy.known();
            if (known.isPresent() && !copy.isListed()) {
                LOG.warn("{}; going on with the {} known last", why.text(), resource.plural());
            }
            return known;
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("the {} known last cannot be read: {}", resource.plural(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        KnownCollection copy = copy(resource, namespace, selection);
        if (!copy.isListed()) {
            throw new ApiException(410, "Expired", "the " + resource.plural() + " known last are to be listed anew");
        }
        return client.watch(resource, namespace, selection, resourceVersion, new WatchListener() {
            @Override
            public void changed(ChangeKind kind, ObjectNode object) {
                ObjectNode needed = needed(resource, object);
                copy.change(kind, needed);
                listener.changed(kind, needed);
            }

            @Override
            public void bookmark(String revision) {
                copy.moved(revision);
                listener.bookmark(revision);
            }

            @Override
            public void closed(Optional<ApiException> reason) {
                listener.closed(reason);
            }
        });
    }

    private static String name(Resource resource, String namespace, Selection selection) {
        String of = selection.equals(Selection.ALL) ? "" : "-" + selection.labels() + selection.fields();
        return (resource.qualifiedName() + (namespace.isEmpty() ? "" : "-" + namespace) + of)
                        .replaceAll("[^a-zA-Z0-9.=-]", "_")
                + ".lines";
    }

    private void saveAgainAndAgain() {
        try {
            long tookMillis = 0;
            while (true) {
                Thread.sleep(Math.max(SAVE_MILLIS, SHARE * tookMillis));
                long start = System.nanoTime();
                saveAll();
                tookMillis = (System.nanoTime() - start) / 1_000_000;
            }
        } catch (InterruptedException _) {
            saveAll();
        }
    }

    void saveAll() {
        copies.forEach((name, copy) -> {
            try {
                copy.save();
            } catch (IOException | UncheckedIOException e) {
                LOG.warn("what is known in {} was not saved: {}", folder.resolve(name), e.getMessage());
            }
        });
    }

    // ---- as the client does it

    @Override
    public List<Resource> resources() {
        return client.resources();
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return client.get(resource, namespace, name);
    }

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        return client.create(resource, object);
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        return client.update(resource, object);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        return client.updateStatus(resource, object);
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        return client.patch(resource, namespace, name, subresource, mergePatch);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        return client.createSubresource(resource, namespace, name, subresource, body);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        client.delete(resource, namespace, name, options);
    }

    /// Saves what is not saved yet. The client stays open: it is its owner's.
    @Override
    public void close() {
        saver.close();
    }
}
