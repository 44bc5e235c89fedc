package dev.fairway.kernel.nft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An element of a set or map.
public record Element(Key key, Mapped data) {

    /// The fields of an element's key, in the order of the set's key types. Compared as often as `Value`, and so
    /// written
    /// out as well.
    public record Key(List<Value> values) implements Comparable<Key> {

        public Key {
            values = List.copyOf(values);
        }

        public static Key of(Value... values) {
            return new Key(List.of(values));
        }

        @Override
        public int compareTo(Key other) {
            int shorter = Math.min(values.size(), other.values.size());
            for (int i = 0; i < shorter; i++) {
                int order = values.get(i).compareTo(other.values.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(values.size(), other.values.size());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && values.equals(that.values);
        }

        @Override
        public int hashCode() {
            return values.hashCode();
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
