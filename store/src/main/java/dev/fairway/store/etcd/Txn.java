package dev.fairway.store.etcd;

import java.util.ArrayList;
import java.util.List;

/// A transaction: if all comparisons hold, the one list of operations, else the other (etcdserverpb.TxnRequest).
public final class Txn {

    private static final int EQUAL = 0;
    private static final int GREATER = 1;
    private static final int LESS = 2;

    /// Which of a key's numbers is compared, and the field that carries the other side.
    private enum Target {
        VERSION(0, 4),
        MODIFIED(2, 6);

        private final int number;
        private final int field;

        Target(int number, int field) {
            this.number = number;
            this.field = field;
        }
    }

    private final List<Message> comparisons = new ArrayList<>();
    private final List<Message> thenDo = new ArrayList<>();
    private final List<Message> elseDo = new ArrayList<>();

    public Txn ifModifiedAt(String key, long revision) {
        return compare(key, "", Target.MODIFIED, EQUAL, revision);
    }

    public Txn ifAbsent(String key) {
        return compare(key, "", Target.VERSION, EQUAL, 0);
    }

    public Txn ifPresent(String key) {
        return compare(key, "", Target.VERSION, GREATER, 0);
    }

    /// No key from `key` up to `end`, this one not included, was changed after `revision` and still stands.
    public Txn ifNoneSince(String key, String end, long revision) {
        return compare(key, end, Target.MODIFIED, LESS, revision + 1);
    }

    /// The key was written that many times since it was created.
    public Txn ifVersion(String key, long version) {
        return compare(key, "", Target.VERSION, EQUAL, version);
    }

    public Txn put(String key, byte[] value) {
        thenDo.add(new Message().message(2, new Message().text(1, key).bytes(2, value)));
        return this;
    }

    public Txn delete(String key) {
        thenDo.add(new Message().message(3, new Message().text(1, key)));
        return this;
    }

    public Txn elseGet(String key) {
        elseDo.add(get(key));
        return this;
    }

    public int comparisons() {
        return comparisons.size();
    }

    private static Message get(String key) {
        return new Message().message(1, Range.request(key, "", 0, 0));
    }

    private Txn compare(String key, String end, Target target, int result, long wanted) {
        Message comparison = new Message()
                .number(1, result)
                .number(2, target.number)
                .text(3, key)
                .text(64, end);
        // a zero must be written out: without the field etcd compares with nothing
        comparisons.add(comparison.alwaysNumber(target.field, wanted));
        return this;
    }

    /// @param operationsMax how many operations one list may have; longer ones are nested
    Message toMessage(int operationsMax) {
        Message out = new Message();
        comparisons.forEach(comparison -> out.message(1, comparison));
        nested(thenDo, Math.max(comparisons.size(), elseDo.size()), operationsMax)
                .forEach(operation -> out.message(2, operation));
        elseDo.forEach(operation -> out.message(3, operation));
        return out;
    }

    /// etcd bounds what a level and those around it have together, so a long list becomes a list of short ones.
    private static List<Message> nested(List<Message> operations, int beside, int max) {
        if (operations.size() <= max) {
            return operations;
        }
        int size = Math.max(1, max - Math.max(beside, max / 2));
        List<Message> groups = new ArrayList<>();
        for (int from = 0; from < operations.size(); from += size) {
            Message group = new Message();
            operations
                    .subList(from, Math.min(from + size, operations.size()))
                    .forEach(operation -> group.message(2, operation));
            groups.add(new Message().message(4, group));
        }
        return groups;
    }

    /// @param revision etcd's revision after the transaction
    /// @param found the keys that the operations read
    public record Outcome(boolean done, long revision, List<KeyValue> found) {

        public Outcome {
            found = List.copyOf(found);
        }

        static Outcome read(Fields fields) {
            boolean done = false;
            long revision = 0;
            List<KeyValue> found = new ArrayList<>();
            while (fields.next()) {
                switch (fields.field()) {
                    case 1 -> revision = Range.headerRevision(fields.message());
                    case 2 -> done = fields.flag();
                    case 3 -> found.addAll(operation(fields.message()));
                    default -> {}
                }
            }
            return new Outcome(done, revision, found);
        }

        private static List<KeyValue> operation(Fields fields) {
            List<KeyValue> found = new ArrayList<>();
            while (fields.next()) {
                if (fields.field() == 1) {
                    found.addAll(Range.read(fields.message()).keys());
                }
            }
            return found;
        }
    }
}
