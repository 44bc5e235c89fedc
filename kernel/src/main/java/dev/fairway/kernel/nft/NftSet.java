package dev.fairway.kernel.nft;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A named set or map.
///
/// @param key the fields of a key
/// @param data what a key leads to
/// @param learning whether rules add elements, each with a timeout (`flags dynamic,timeout`)
/// @param counting whether each element counts the packets that find it
/// @param size the most elements it takes, a hard limit; empty for no limit
public record NftSet(
        Table table,
        String name,
        List<ValueType> key,
        Target data,
        boolean learning,
        boolean counting,
        OptionalInt size)
        implements Comparable<NftSet> {

    public NftSet {
        key = List.copyOf(key);
    }

    /// What the elements lead to.
    public sealed interface Target {

        /// Nothing: a set.
        record Nothing() implements Target {}

        record Values(List<ValueType> types) implements Target {
            public Values {
                types = List.copyOf(types);
            }
        }

        /// A verdict: a verdict map.
        record Verdicts() implements Target {}
    }

    public static NftSet set(Table table, String name, ValueType... key) {
        return new NftSet(table, name, List.of(key), new Target.Nothing(), false, false, OptionalInt.empty());
    }

    /// A set whose elements count: a rule that looks a packet up adds one to what it finds.
    public static NftSet countingSet(Table table, String name, ValueType... key) {
        return new NftSet(table, name, List.of(key), new Target.Nothing(), false, true, OptionalInt.empty());
    }

    public static NftSet map(Table table, String name, List<ValueType> key, ValueType... data) {
        return new NftSet(table, name, key, new Target.Values(List.of(data)), false, false, OptionalInt.empty());
    }

    public static NftSet verdictMap(Table table, String name, ValueType... key) {
        return new NftSet(table, name, List.of(key), new Target.Verdicts(), false, false, OptionalInt.empty());
    }

    /// A map that rules fill themselves (`Expr.Learn`); elements go when their time is over.
    public static NftSet learningMap(Table table, String name, List<ValueType> key, List<ValueType> data, int size) {
        return new NftSet(table, name, key, new Target.Values(data), true, false, OptionalInt.of(size));
    }

    public boolean isMap() {
        return switch (data) {
            case Target.Nothing() -> false;
            case Target.Values(List<ValueType> _) -> true;
            case Target.Verdicts() -> true;
        };
    }

    String reference() {
        return "@" + name;
    }

    /// The declaration in nft syntax, without elements.
    public String toText() {
        String target = switch (data) {
            case Target.Nothing() -> "";
            case Target.Values(List<ValueType> types) -> " : " + ValueType.toText(types);
            case Target.Verdicts() -> " : verdict";
        };
        return (isMap() ? "map " : "set ") + name + " { type " + ValueType.toText(key) + target + ";"
                + (size.isPresent() ? " size " + size.getAsInt() + ";" : "")
                + (learning ? " flags dynamic,timeout;" : "") + (counting ? " counter;" : "") + " }";
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the cheap question first
    public int compareTo(NftSet other) {
        if (this == other) {
            return 0;
        }
        int byTable = table.compareTo(other.table);
        return byTable != 0 ? byTable : name.compareTo(other.name);
    }

    /// Of the name alone, which tells nearly all sets apart: it is asked for each element's place.
    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the cheap question first
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof NftSet that
                        && name.equals(that.name)
                        && table.equals(that.table)
                        && key.equals(that.key)
                        && data.equals(that.data)
                        && learning == that.learning
                        && counting == that.counting
                        && size.equals(that.size);
    }
}
