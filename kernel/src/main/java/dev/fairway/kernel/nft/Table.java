package dev.fairway.kernel.nft;

/// A table: the owner of chains and sets.
public record Table(NftFamily family, String name) implements Comparable<Table> {

    /// As in nft syntax: `ip fairway`.
    public String toText() {
        return family.toText() + " " + name;
    }

    @Override
    public int compareTo(Table other) {
        int byFamily = family.compareTo(other.family);
        return byFamily != 0 ? byFamily : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return toText();
    }
}
