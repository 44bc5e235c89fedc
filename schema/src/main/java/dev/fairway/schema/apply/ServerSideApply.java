package dev.fairway.schema.apply;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.apply.Owner.Operation;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Server-side apply: a manager states all fields that it has an opinion about, and the server merges them, removes
/// what the manager no longer states and nobody else owns, and refuses to overrule another owner unless told to.
///
/// The source is KEP-555 and structured-merge-diff. An apply of the same fields changes nothing.
public final class ServerSideApply {

    /// Who owns the fields of an object on which nobody was tracked before its first apply.
    static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private final Tracked tracked;
    private final ObjectNode live;
    private final ObjectNode applied;
    private final Author author;
    private final FieldSet stated;
    private final Owners before;

    private ServerSideApply(Tracked tracked, ObjectNode live, ObjectNode applied, Author author, FieldSet stated) {
        this.tracked = tracked;
        this.live = live;
        this.applied = applied;
        this.author = author;
        this.stated = stated;
        this.before = ownersOf();
    }

    /// A new object with its owners; neither argument is changed. Values are not checked here.
    ///
    /// @param live an empty object for one that is not there yet
    /// @param force takes fields from their owners
    /// @throws ApiException 400 when the applied tree has a field that the type lacks or list entries that nobody
    ///     can tell apart, 409 with a cause for each field that another owner has set to something else
    public static ObjectNode apply(Tracked tracked, ObjectNode live, ObjectNode applied, Author author, boolean force) {
        AppliedFields fields = AppliedFields.of(tracked, applied);
        if (!fields.problems().isEmpty()) {
            throw untyped(applied, String.join(", ", fields.problems()));
        }
        ServerSideApply apply = new ServerSideApply(tracked, live, applied, author, fields.set());
        ObjectNode out = apply.run(force);
        LastApplied.update(out, applied, author);
        return out;
    }

    private static ApiException untyped(ObjectNode applied, String problems) {
        String namespace = Meta.namespace(applied);
        String version = Tree.text(applied, "apiVersion");
        return new ApiException(
                400,
                "BadRequest",
                "failed to create typed patch object (" + (namespace.isEmpty() ? "" : namespace + "/")
                        + Meta.name(applied) + "; " + version + ", Kind=" + Tree.text(applied, "kind") + "): "
                        + problems);
    }

    private Owners ownersOf() {
        Owners known = Tracking.claimed(Tree.at(live, "metadata", Tracking.FIELD));
        if (!known.isEmpty() || !Tracking.stands(live)) {
            return known;
        }
        Comparison standing = Comparison.between(tracked, Json.object(), live);
        Author unknown = new Author(BEFORE_FIRST_APPLY, author.apiVersion(), author.subresource(), author.now());
        return Owners.NOBODY.with(unknown.entry(Operation.UPDATE, standing.written()));
    }

    private ObjectNode run(boolean force) {
        ObjectNode merged = merged();
        Comparison change = Comparison.between(tracked, live, merged);
        Map<Owner, FieldSet> conflicts = conflicts(change);
        FieldSet disputed = conflicts.values().stream().reduce(FieldSet.EMPTY, FieldSet::union);
        if (!force && !disputed.isEmpty()) {
            FieldSet inherited = LastApplied.inherited(tracked, live, author);
            if (!disputed.minus(inherited).isEmpty()) {
                conflicts.replaceAll((owner, fields) -> fields.minus(inherited));
                throw ApplyConflict.of(conflicts);
            }
        }
        FieldSet lost = change.written().union(change.removed());
        Owners.Entry mine = entry(change);
        Owners others = before.map(entry -> entry.owner().equals(mine.owner())
                ? entry
                : entry.withFields(entry.fields().minus(lost)));
        Tracking.write(merged, others.with(mine));
        return merged;
    }

    private ObjectNode merged() {
        Owner self = author.owner(Operation.APPLY);
        Owners claimed = before.with(author.entry(Operation.APPLY, stated));
        return Pruning.prune(tracked, TypedMerge.merge(tracked, live, applied), before.fields(self), claimed.all());
    }

    private Map<Owner, FieldSet> conflicts(Comparison change) {
        Map<Owner, FieldSet> out = new LinkedHashMap<>();
        for (Owners.Entry entry : before.entries()) {
            FieldSet disputed = entry.fields().intersect(change.written());
            if (!entry.owner().equals(author.owner(Operation.APPLY)) && !disputed.isEmpty()) {
                out.put(entry.owner(), disputed);
            }
        }
        return out;
    }

    /// The time stays when nothing is new.
    private Owners.Entry entry(Comparison change) {
        Owners.Entry now = author.entry(Operation.APPLY, stated);
        return before.find(now.owner())
                .filter(old -> change.isEmpty() && old.fields().equals(stated))
                .map(old -> new Owners.Entry(old.owner(), author.apiVersion(), old.time(), stated))
                .orElse(now);
    }
}
