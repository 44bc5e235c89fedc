package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.schema.Meta;
import dev.fairway.store.Store;
import dev.fairway.store.Store.Change;
import dev.fairway.store.Store.CommitResult;
import dev.fairway.store.Store.Guard;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// Repeats attempts of a write until one is committed or refused.
final class WriteLoop {

    private static final int ATTEMPTS_MAX = 100;

    private final Store store;
    private final ObjectCache cache;
    private final InstantSource clock;
    private final RandomGenerator random;

    WriteLoop(Store store, ObjectCache cache, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.cache = cache;
        this.clock = clock;
        this.random = random;
    }

    /// What one attempt decided. The object is written unless it is `gone` or `unchanged`.
    record Step(Kind kind, ObjectNode object, Written.Outcome outcome, boolean unchanged, List<String> warnings) {
        String key() {
            return Keys.object(kind.resource(), Meta.namespace(object), Meta.name(object));
        }
    }

    /// The object as it stands, with a guard that it still does so at the commit.
    Optional<ObjectNode> standing(Attempt attempt, Kind kind, String namespace, String name) {
        Optional<Store.Entry> entry = attempt.read(Keys.object(kind.resource(), namespace, name));
        entry.ifPresent(found -> attempt.require(new Guard.At(found.key(), found.revision())));
        return entry.map(cache::object);
    }

    /// Decides and commits until a commit is not refused. A refusal by the decision itself is final.
    Written run(Kind kind, String name, boolean dryRun, Function<Attempt, Step> decide) {
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            Attempt attempt = new Attempt(store, random, clock.instant().truncatedTo(ChronoUnit.SECONDS), dryRun);
            Step step = decide.apply(attempt);
            if (step.unchanged) {
                return new Written(step.object, step.outcome, step.warnings);
            }
            byte[] text = stage(attempt, step);
            if (attempt.commit() instanceof CommitResult.Done(long revision)) {
                return done(step, text, revision, dryRun);
            }
        }
        throw Refusal.tooBusy(kind.resource(), name);
    }

    /// The object's text for the store; empty when it is to go.
    private static byte[] stage(Attempt attempt, Step step) {
        if (step.outcome == Written.Outcome.GONE) {
            attempt.change(new Change.Delete(step.key()));
            step.kind.rules().afterDelete(attempt, step.object);
            return new byte[0];
        }
        byte[] text = StoredJson.toStore(step.object);
        attempt.change(new Change.Put(step.key(), text));
        return text;
    }

    private Written done(Step step, byte[] text, long revision, boolean dryRun) {
        if (dryRun) {
            return new Written(step.object, step.outcome, step.warnings);
        }
        if (step.outcome == Written.Outcome.GONE) {
            ObjectNode last = ObjectCache.stamp(step.object.deepCopy(), revision);
            return new Written(last, step.outcome, step.warnings);
        }
        ObjectNode object = ObjectCache.stamp(step.object, revision);
        cache.keep(step.key(), revision, text.length, object);
        return new Written(new Stored.Fresh(object, text, revision), step.outcome, step.warnings);
    }
}
