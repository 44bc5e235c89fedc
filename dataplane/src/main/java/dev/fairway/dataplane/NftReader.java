package dev.fairway.dataplane;

import dev.fairway.kernel.nft.Chain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftDump;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Table;
import java.util.HashSet;
import java.util.Set;

/// Reads what the kernel holds of our tables, so that a restarted data plane goes on from there.
final class NftReader {

    private NftReader() {}

    static Ruleset read(NftConnection nft) {
        Block.Builder block = new Block.Builder();
        Set<Table> tables = new HashSet<>();
        Set<NftOutline.SetAt> sets = new HashSet<>();
        for (Layout layout : Layout.ALL) {
            NftDump.Shape shape = nft.readShape(layout.table());
            if (shape.exists()) {
                tables.add(layout.table());
                shape.sets().forEach(name -> sets.add(new NftOutline.SetAt(layout.table(), name)));
                shape.chains()
                        .forEach((name, rules) -> block.putFound(
                                Chain.of(layout.table(), name),
                                rules.stream().map(NftDump.FoundRule::comment).toList()));
                for (NftSet set : layout.plannedSets()) {
                    readElements(nft, set, shape, block);
                }
            }
        }
        return Ruleset.found(new NftOutline(tables, sets), block.build());
    }

    private static void readElements(NftConnection nft, NftSet set, NftDump.Shape shape, Block.Builder block) {
        if (shape.sets().contains(set.name())) {
            for (Element element : nft.readElements(set)) {
                block.put(set, element.key(), element.data());
            }
        }
    }
}
