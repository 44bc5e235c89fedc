package dev.fairway.picture.explain;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// A container that is told to talk to a host.
///
/// @param place where it is told: `env BACKEND`, `command`, `readinessProbe`
record Caller(ObjectNode pod, String container, String place, Dial dial) {

    private static final int FACTS_SHOWN = 5;
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");

    static Stream<Caller> of(ObjectNode pod) {
        return Stream.of("initContainers", "containers")
                .flatMap(list -> Tree.objects(pod, "spec", list).stream())
                .flatMap(container -> of(pod, container).stream());
    }

    private static List<Caller> of(ObjectNode pod, ObjectNode container) {
        String name = Tree.text(container, "name");
        List<Caller> out = new ArrayList<>();
        for (ObjectNode entry : Tree.objects(container, "env")) {
            Dial.inValue(Tree.text(entry, "value"))
                    .forEach(dial -> out.add(new Caller(pod, name, "env " + Tree.text(entry, "name"), dial)));
        }
        List<String> words = new ArrayList<>(Tree.texts(container, "command"));
        words.addAll(Tree.texts(container, "args"));
        Dial.inCommand(String.join(" ", words)).forEach(dial -> out.add(new Caller(pod, name, "command", dial)));
        for (String probe : PROBES) {
            Dial.inCommand(String.join(" ", Tree.texts(container, probe, "exec", "command")))
                    .forEach(dial -> out.add(new Caller(pod, name, probe, dial)));
        }
        return out;
    }

    /// `pod shop/cart, container app, env BACKEND: http://web:8080`
    String fact() {
        return "pod " + Meta.key(pod) + ", container " + container + ", " + place + ": " + dial.word();
    }

    static List<String> facts(List<Caller> callers) {
        return callers.stream().map(Caller::fact).distinct().limit(FACTS_SHOWN).toList();
    }

    /// `shop/cart`
    String podName() {
        return Meta.key(pod).toString();
    }

    String name() {
        return Meta.name(pod);
    }

    String namespace() {
        return Meta.namespace(pod);
    }
}
