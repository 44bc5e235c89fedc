package dev.fairway.dataplane;

import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Table;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which tables and sets exist.
///
/// @param sets by table and name
record NftOutline(Set<Table> tables, Set<SetAt> sets) {

    record SetAt(Table table, String name) {
        static SetAt of(NftSet set) {
            return new SetAt(set.table(), set.name());
        }
    }

    static final NftOutline NOTHING = new NftOutline(Set.of(), Set.of());

    static final NftOutline COMPLETE = new NftOutline(
            Layout.ALL.stream().map(Layout::table).collect(Collectors.toUnmodifiableSet()),
            Layout.ALL.stream()
                    .map(Layout::sets)
                    .flatMap(Collection::stream)
                    .map(SetAt::of)
                    .collect(Collectors.toUnmodifiableSet()));

    NftOutline {
        tables = Set.copyOf(tables);
        sets = Set.copyOf(sets);
    }

    boolean hasAny() {
        return !tables.isEmpty();
    }

    boolean has(Table table) {
        return tables.contains(table);
    }

    boolean has(NftSet set) {
        return sets.contains(SetAt.of(set));
    }

    static List<NftSet> allSets() {
        return Layout.ALL.stream().map(Layout::sets).flatMap(Collection::stream).toList();
    }
}
