package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Who is told to talk to which Service.
final class Callers {

    private final Map<ObjectKey, List<Caller>> byService = new HashMap<>();

    Callers(Names names, Collection<ObjectNode> pods) {
        for (ObjectNode pod : pods) {
            Caller.of(pod)
                    .filter(caller -> !isAliased(caller))
                    .forEach(caller -> names.service(caller.dial().host(), pod)
                            .ifPresent(key -> byService
                                    .computeIfAbsent(key, _ -> new ArrayList<>())
                                    .add(caller)));
        }
    }

    List<Caller> of(ObjectKey service) {
        return byService.getOrDefault(service, List.of());
    }

    /// Its pod's own table of hosts says what the name means.
    private static boolean isAliased(Caller caller) {
        return Tree.objects(caller.pod(), "spec", "hostAliases").stream()
                .anyMatch(alias ->
                        Tree.texts(alias, "hostnames").contains(caller.dial().host()));
    }
}
