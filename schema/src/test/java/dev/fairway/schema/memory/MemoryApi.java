package dev.fairway.schema.memory;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.FieldSelector;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.patch.MergePatch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/// A small but honest API in memory for tests: revisions, watches that can start in the past, conflicts, finalizers,
/// graceful deletion of scheduled pods. No validation and no defaulting. Tests can make calls fail and watches end.
public final class MemoryApi implements ApiClient {

    private record Place(Resource resource, ObjectKey key) {}

    private record Change(
            long revision, Resource resource, Optional<ObjectNode> before, ObjectNode now, boolean gone) {}

    private record Watch(Resource resource, Filter filter, WatchListener listener) {}

    private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
    private final List<Change> history = new ArrayList<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final MemoryRules rules;
    private long revision = 1;
    private long compacted;
    private volatile Function<String, Optional<ApiException>> refusals = call -> Optional.empty();

    public MemoryApi(Clock clock) {
        this.rules = new MemoryRules(clock);
    }

    public MemoryApi() {
        this(Clock.systemUTC());
    }

    /// Decides by `verb plural namespace/name` which of the coming calls fail, and how.
    public void refuse(Function<String, Optional<ApiException>> rule) {
        refusals = rule;
    }

    /// Every write and list so far, as `verb plural namespace/name`.
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /// Ends all watches as a server does that restarts or compacts.
    public synchronized void endWatches(Optional<ApiException> reason) {
        List<Watch> open = List.copyOf(watches);
        watches.clear();
        open.forEach(watch -> watch.listener().closed(reason));
    }

    /// Forgets the history: a watch from an older revision is refused with 410.
    public synchronized void compact() {
        history.clear();
        compacted = revision;
    }

    public int openWatches() {
        return watches.size();
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                Resource.NAMESPACES,
                Resource.NODES,
                Resource.PODS,
                Resource.SERVICES,
                Resource.ENDPOINTS,
                Resource.EVENTS,
                Resource.CONFIG_MAPS,
                Resource.SECRETS,
                Resource.SERVICE_ACCOUNTS,
                Resource.REPLICATION_CONTROLLERS,
                Resource.REPLICA_SETS,
                Resource.DEPLOYMENTS,
                Resource.DAEMON_SETS,
                Resource.ENDPOINT_SLICES,
                Resource.LEASES);
    }

    @Override
    public synchronized Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return Optional.ofNullable(objects.get(path(resource, new ObjectKey(namespace, name))));
    }

    @Override
    public synchronized Listing list(Resource resource, String namespace, Selection selection) {
        admit("list", resource, new ObjectKey(namespace, ""));
        Filter filter = Filter.of(namespace, selection);
        List<ObjectNode> items = objects.tailMap(prefix(resource)).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix(resource)))
                .map(java.util.Map.Entry::getValue)
                .filter(filter::matches)
                .toList();
        return new Listing(items, Long.toString(revision));
    }

    @Override
    public synchronized Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        admit("watch", resource, new ObjectKey(namespace, ""));
        long from = Long.parseLong(resourceVersion);
        if (from < compacted) {
            throw new ApiException(410, "Expired", "too old resource version: " + from + " (" + compacted + ")");
        }
        Watch watch = new Watch(resource, Filter.of(namespace, selection), listener);
        history.stream().filter(change -> change.revision() > from).forEach(change -> deliver(watch, change));
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    @Override
    public synchronized ObjectNode create(Resource resource, ObjectNode object) {
        ObjectNode made = rules.prepareNew(resource, object, revision);
        ObjectKey key = Meta.key(made);
        admit("create", resource, key);
        if (objects.containsKey(path(resource, key))) {
            String message = "%s \"%s\" already exists".formatted(resource.qualifiedName(), key.name());
            throw new ApiException(409, "AlreadyExists", message);
        }
        return store(new Place(resource, key), Optional.empty(), made);
    }

    @Override
    public synchronized ObjectNode update(Resource resource, ObjectNode object) {
        return replace("update", resource, object, MemoryRules::mainUpdate);
    }

    @Override
    public synchronized ObjectNode updateStatus(Resource resource, ObjectNode object) {
        return replace("update-status", resource, object, MemoryRules::statusUpdate);
    }

    @Override
    public synchronized ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        ObjectKey key = new ObjectKey(namespace, name);
        ObjectNode merged = MergePatch.apply(existing(resource, key), mergePatch);
        return replace(
                subresource.isEmpty() ? "patch" : "patch-" + subresource,
                resource,
                merged,
                subresource.equals("status") ? MemoryRules::statusUpdate : MemoryRules::mainUpdate);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        throw new ApiException(405, "MethodNotAllowed", resource.plural() + "/" + subresource + " is not served here");
    }

    @Override
    public synchronized void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        ObjectKey key = new ObjectKey(namespace, name);
        admit("delete", resource, key);
        ObjectNode before = existing(resource, key);
        if (!options.uid().isEmpty() && !options.uid().equals(Meta.uid(before))) {
            throw new ApiException(409, "Conflict", "the UID in the precondition does not match " + key);
        }
        ObjectNode marked = rules.markDeleted(resource, before, options);
        store(new Place(resource, key), Optional.of(before), marked);
    }

    private interface Update {
        ObjectNode apply(ObjectNode before, ObjectNode wanted);
    }

    private ObjectNode replace(String verb, Resource resource, ObjectNode object, Update update) {
        ObjectKey key = Meta.key(object);
        admit(verb, resource, key);
        ObjectNode before = existing(resource, key);
        String wanted = Meta.resourceVersion(object);
        if (!wanted.isEmpty() && !wanted.equals(Meta.resourceVersion(before))) {
            throw new ApiException(409, "Conflict", "the object %s has been modified".formatted(key));
        }
        ObjectNode after = update.apply(before, object);
        return after.equals(before) ? before : store(new Place(resource, key), Optional.of(before), after);
    }

    private ObjectNode store(Place place, Optional<ObjectNode> before, ObjectNode now) {
        boolean gone = before.isPresent() && MemoryRules.mayGo(place.resource(), now);
        revision++;
        Tree.makeObject(now, "metadata").put("resourceVersion", Long.toString(revision));
        if (gone) {
            objects.remove(path(place.resource(), place.key()));
        } else {
            objects.put(path(place.resource(), place.key()), now);
        }
        Change change = new Change(revision, place.resource(), before, now, gone);
        history.add(change);
        watches.forEach(watch -> deliver(watch, change));
        return now;
    }

    private static void deliver(Watch watch, Change change) {
        if (!watch.resource().equals(change.resource())) {
            return;
        }
        boolean seen = change.before().filter(watch.filter()::matches).isPresent();
        boolean seeing = !change.gone() && watch.filter().matches(change.now());
        if (seen || seeing) {
            ChangeKind kind = !seeing ? ChangeKind.DELETED : seen ? ChangeKind.MODIFIED : ChangeKind.ADDED;
            watch.listener().changed(kind, change.now());
        }
    }

    private void admit(String verb, Resource resource, ObjectKey key) {
        String call = verb + " " + resource.plural() + " " + key;
        calls.add(call);
        refusals.apply(call).ifPresent(refusal -> {
            throw refusal;
        });
    }

    private ObjectNode existing(Resource resource, ObjectKey key) {
        return get(resource, key.namespace(), key.name())
                .orElseThrow(() -> new ApiException(
                        404, "NotFound", "%s \"%s\" not found".formatted(resource.qualifiedName(), key.name())));
    }

    private static String prefix(Resource resource) {
        return resource.qualifiedName() + "/";
    }

    private static String path(Resource resource, ObjectKey key) {
        return prefix(resource) + key.namespace() + "/" + key.name();
    }

    private record Filter(String namespace, LabelSelector labels, FieldSelector fields) {

        static Filter of(String namespace, Selection selection) {
            return new Filter(
                    namespace, LabelSelector.parse(selection.labels()), FieldSelector.parse(selection.fields()));
        }

        boolean matches(ObjectNode object) {
            return (namespace.isEmpty() || namespace.equals(Meta.namespace(object)))
                    && labels.matches(Meta.labels(object))
                    && fields.matches(field -> Tree.text(object, field.split("\\.")));
        }
    }
}
