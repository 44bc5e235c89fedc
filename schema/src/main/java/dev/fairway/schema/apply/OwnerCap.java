package dev.fairway.schema.apply;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Keeps the number of updaters in bounds: what the oldest ones own goes into one entry, `ancient-changes`. Appliers
/// are all kept.
final class OwnerCap {

    /// More updaters than these are folded.
    static final int UPDATERS_MAX = 10;

    static final String BUCKET = "ancient-changes";

    private static final Comparator<Owners.Entry> OLDEST_FIRST = Comparator.comparing(Owners.Entry::time)
            .thenComparing(entry -> entry.owner().name());

    private OwnerCap() {}

    /// Folds from the oldest on, in a bucket for each version, until few enough are left.
    static Owners cap(Owners owners) {
        List<Owners.Entry> updaters = owners.entries().stream()
                .filter(Owners.Entry::isUpdate)
                .sorted(OLDEST_FIRST)
                .toList();
        int excess = updaters.size() - UPDATERS_MAX;
        if (excess <= 0) {
            return owners;
        }
        Map<String, List<Owners.Entry>> folded = new HashMap<>();
        for (Owners.Entry updater : updaters) {
            List<Owners.Entry> bucket = folded.computeIfAbsent(updater.apiVersion(), _ -> new ArrayList<>());
            if (excess > 0) {
                excess -= bucket.isEmpty() ? 0 : 1;
                bucket.add(updater);
            }
        }
        List<Owners.Entry> out = new ArrayList<>(owners.entries());
        folded.values().stream().filter(bucket -> bucket.size() > 1).forEach(bucket -> {
            owners.find(bucketOwner(bucket))
                    .filter(old -> !bucket.contains(old))
                    .ifPresent(bucket::addFirst);
            out.removeAll(bucket);
            out.add(fold(bucket));
        });
        return Owners.of(out);
    }

    private static Owner bucketOwner(List<Owners.Entry> bucket) {
        return new Owner(BUCKET, Owner.Operation.UPDATE, bucket.getLast().apiVersion(), "");
    }

    private static Owners.Entry fold(List<Owners.Entry> bucket) {
        FieldSet fields = bucket.stream().map(Owners.Entry::fields).reduce(FieldSet.EMPTY, FieldSet::union);
        Owners.Entry newest = bucket.getLast();
        return new Owners.Entry(bucketOwner(bucket), newest.apiVersion(), newest.time(), fields);
    }
}
