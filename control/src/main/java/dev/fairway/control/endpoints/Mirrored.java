package dev.fairway.control.endpoints;

import dev.fairway.control.endpoints.Repacking.Packed;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.schema.Tree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The slices that say the same as an Endpoints object.
///
/// @param groups endpoints by identity, by family and ports
/// @param invalid addresses that are none
/// @param skipped addresses that found no room, the invalid ones among them
record Mirrored(Map<Group, Map<String, ObjectNode>> groups, int invalid, int skipped) {

    /// The most addresses of one subset that are mirrored.
    static final int LIMIT = 1000;

    static Mirrored of(JsonNode endpoints) {
        Mirrored out = new Mirrored(new TreeMap<>(), 0, 0);
        for (Packed subset : repacked(endpoints)) {
            out = out.with(subset);
        }
        return out;
    }

    private static List<Packed> repacked(JsonNode endpoints) {
        Repacking repacking = new Repacking();
        for (ObjectNode subset : Tree.objects(endpoints, "subsets")) {
            List<SlicePort> ports = SlicePort.ofSlice(subset);
            for (boolean ready : new boolean[] {true, false}) {
                Tree.objects(subset, ready ? "addresses" : "notReadyAddresses")
                        .forEach(address -> repacking.add(Subsets.identityOf(address), address, ready, ports));
            }
        }
        return repacking.packed();
    }

    /// Ready addresses first, up to the limit.
    private Mirrored with(Packed subset) {
        int wrong = 0;
        int added = 0;
        for (boolean ready : new boolean[] {true, false}) {
            for (ObjectNode address : ready ? subset.ready() : subset.notReady()) {
                if (added == LIMIT) {
                    break;
                }
                Optional<MirroredAddress> mirrored = MirroredAddress.parse(address, ready);
                mirrored.ifPresent(it -> put(subset.ports(), it));
                added += mirrored.isPresent() ? 1 : 0;
                wrong += mirrored.isPresent() ? 0 : 1;
            }
        }
        int all = subset.ready().size() + subset.notReady().size();
        return new Mirrored(groups, invalid + wrong, skipped + all - added);
    }

    private void put(List<SlicePort> ports, MirroredAddress mirrored) {
        groups.computeIfAbsent(new Group(mirrored.family(), ports), _ -> new LinkedHashMap<>())
                .putIfAbsent(WantedEndpoints.identityOf(mirrored.endpoint()), mirrored.endpoint());
    }
}
