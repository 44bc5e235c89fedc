package dev.fairway.control.endpoints;

import dev.fairway.address.IpFamily;
import dev.fairway.control.endpoints.WantedEndpoints.Group;
import dev.fairway.control.endpoints.ZoneShares.Outcome;
import dev.fairway.control.endpoints.ZoneShares.Share;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The hints of Services with topology mode `Auto`: each zone is sent to endpoints in proportion to its CPU, to its own
/// ones where there are enough (KEP-2433).
final class ZoneHints {

    private static final String MODE = "service.kubernetes.io/topology-mode";
    private static final String OLD_MODE = "service.kubernetes.io/topology-aware-hints";

    private final List<ObjectNode> ready;
    private final Map<String, Integer> hinted = new HashMap<>();

    private ZoneHints(List<ObjectNode> ready) {
        this.ready = ready;
    }

    static boolean areAskedFor(JsonNode service) {
        Map<String, String> annotations = Meta.annotations(service);
        String mode = annotations.getOrDefault(OLD_MODE, annotations.getOrDefault(MODE, ""));
        return mode.equals("Auto") || mode.equals("auto");
    }

    /// Puts hints on the ready endpoints of a family. Edits the endpoints.
    ///
    /// @return why there are no hints; empty when there are
    static Optional<String> put(WantedEndpoints wanted, IpFamily family, Collection<ObjectNode> nodes) {
        List<ObjectNode> ready = readyOf(wanted.groups(), family).toList();
        return switch (ZoneShares.of(nodes, ready.size())) {
            case Outcome.Unknown(String why) -> Optional.of(why);
            case Outcome.Shared(SortedMap<String, Share> shares) -> new ZoneHints(ready).put(shares);
        };
    }

    private static Stream<ObjectNode> readyOf(Map<Group, Map<String, ObjectNode>> groups, IpFamily family) {
        return groups.entrySet().stream()
                .filter(group -> group.getKey().family() == family)
                .flatMap(group -> new TreeMap<>(group.getValue()).values().stream())
                .filter(endpoint -> Tree.flag(endpoint, "conditions", "ready"));
    }

    private Optional<String> put(SortedMap<String, Share> shares) {
        if (ready.stream().anyMatch(endpoint -> Tree.text(endpoint, "zone").isEmpty())) {
            return Optional.of("One or more endpoints do not have a zone specified");
        }
        ready.forEach(endpoint -> hinted.merge(Tree.text(endpoint, "zone"), 1, Integer::sum));
        Map<String, Integer> giving = new TreeMap<>();
        Map<String, Integer> taking = new TreeMap<>();
        match(shares, giving, taking);
        ready.forEach(endpoint -> hint(endpoint, giving, taking));
        return Optional.empty();
    }

    /// How many endpoints each zone gives away and takes, in whole numbers, the neediest served by the richest.
    private void match(SortedMap<String, Share> shares, Map<String, Integer> giving, Map<String, Integer> taking) {
        SortedMap<String, Double> spare = new TreeMap<>();
        SortedMap<String, Double> missing = new TreeMap<>();
        shares.forEach((zone, share) -> {
            int has = hinted.getOrDefault(zone, 0);
            if (has > share.desired()) {
                spare.put(zone, has - share.desired());
            } else if (has < share.minimum()) {
                missing.put(zone, share.desired() - has);
            }
        });
        while (most(spare) >= 1 && most(missing) >= 1) {
            takeOne(spare, giving);
            takeOne(missing, taking);
        }
    }

    private static double most(SortedMap<String, Double> amounts) {
        return amounts.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    }

    private static void takeOne(SortedMap<String, Double> amounts, Map<String, Integer> counts) {
        double most = most(amounts);
        amounts.entrySet().stream()
                .filter(entry -> entry.getValue() == most)
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(zone -> {
                    amounts.merge(zone, -1.0, Double::sum);
                    counts.merge(zone, 1, Integer::sum);
                });
    }

    private static void hint(ObjectNode endpoint, Map<String, Integer> giving, Map<String, Integer> taking) {
        String own = Tree.text(endpoint, "zone");
        String zone = own;
        if (giving.getOrDefault(own, 0) > 0) {
            zone = taking.entrySet().stream()
                    .filter(entry -> entry.getValue() > 0)
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(own);
            giving.merge(own, -1, Integer::sum);
            taking.merge(zone, -1, Integer::sum);
        }
        endpoint.putObject("hints").putArray("forZones").addObject().put("name", zone);
    }
}
