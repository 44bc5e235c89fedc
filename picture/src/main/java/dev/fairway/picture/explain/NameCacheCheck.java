package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Java programs that ask for a headless Service's name once and never again: its pods come and go.
final class NameCacheCheck {

    /// <https://docs.oracle.com/en/java/javase/25/docs/api/java.base/java/net/doc-files/net-properties.html>
    private static final String FOREVER = "-Dsun.net.inetaddr.ttl=-1";

    private NameCacheCheck() {}

    /// @param callers those who are told to talk to it
    static Optional<Finding> finding(ObjectKey key, ObjectNode service, List<Caller> callers) {
        if (!Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.empty();
        }
        List<Caller> keeping = callers.stream()
                .filter(caller -> !caller.dial().isAddress() && keepsForever(caller))
                .toList();
        if (keeping.isEmpty()) {
            return Optional.empty();
        }
        Caller first = keeping.getFirst();
        List<String> evidence = new ArrayList<>(Caller.facts(keeping));
        evidence.add("container " + first.container() + " runs with " + FOREVER);
        return Optional.of(new Finding(
                Code.NAME_KEPT,
                key,
                "pod " + first.podName() + " keeps the addresses of names for good, but this Service's are its pods':"
                        + " it goes on to dial pods that are gone",
                evidence,
                "kubectl describe pod " + first.name() + " -n " + first.namespace()));
    }

    private static boolean keepsForever(Caller caller) {
        return Tree.objects(caller.pod(), "spec", "containers").stream()
                .filter(container -> Tree.text(container, "name").equals(caller.container()))
                .flatMap(NameCacheCheck::words)
                .anyMatch(FOREVER::equals);
    }

    private static Stream<String> words(ObjectNode container) {
        return Stream.of(
                        Tree.texts(container, "command").stream(),
                        Tree.texts(container, "args").stream(),
                        Tree.objects(container, "env").stream().map(entry -> Tree.text(entry, "value")))
                .flatMap(texts -> texts)
                .flatMap(text -> Stream.of(text.split("\\s+")));
    }
}
