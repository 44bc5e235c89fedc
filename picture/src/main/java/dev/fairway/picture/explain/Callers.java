package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Who is told to talk to which Service.
final class Callers {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final Map<ObjectKey, List<Caller>> byService = new HashMap<>();
    private final List<Caller> local = new ArrayList<>();

    Callers(Names names, Collection<ObjectNode> pods) {
        pods.stream().flatMap(Caller::of).filter(caller -> !isAliased(caller)).forEach(caller -> add(names, caller));
    }

    private void add(Names names, Caller caller) {
        if (LOOPBACK.contains(caller.dial().host())) {
            local.add(caller);
        }
        names.service(caller.dial().host(), caller.namespace())
                .ifPresent(key ->
                        byService.computeIfAbsent(key, _ -> new ArrayList<>()).add(caller));
    }

    /// Those who are told to talk to their own loopback address.
    List<Caller> local() {
        return List.copyOf(local);
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
