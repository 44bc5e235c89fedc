package dev.fairway.kernel.nft;

import java.util.Comparator;
import java.util.List;

/// An element of a set or map.
public record Element(Key key, Mapped data) {

    /// The fields of an element's key, in the order of the set's key types.
    public record Key(List<Value> values) implements Comparable<Key> {

        private static final Comparator<List<Value>> ORDER = (left, right) -> {
            for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
                int order = left.get(i).compareTo(right.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(left.size(), right.size());
        };

        public Key {
            values = List.copyOf(values);
        }

        public static Key of(Value... values) {
            return new Key(List.of(values));
        }

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(values, other.values);
        }

        public String toText() {
            return Value.toText(values);
        }
    }

    /// What a key leads to.
    public sealed interface Mapped {

        record Nothing() implements Mapped {}

        record Values(List<Value> values) implements Mapped {
            public Values {
                values = List.copyOf(values);
            }
        }

        record To(Verdict verdict) implements Mapped {}

        static Mapped nothing() {
            return new Nothing();
        }

        static Mapped of(Value... values) {
            return new Values(List.of(values));
        }
    }

    public String toText() {
        return switch (data) {
            case Mapped.Nothing() -> key.toText();
            case Mapped.Values(List<Value> values) -> key.toText() + " : " + Value.toText(values);
            case Mapped.To(Verdict verdict) -> key.toText() + " : " + verdict.toText();
        };
    }
}
