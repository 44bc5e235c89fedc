package dev.fairway.api.kind;

import dev.fairway.api.kind.Kind.SelectableField;
import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Events, which two groups show: the same objects, with different names for some fields.
final class EventKinds {

    private static final List<String> OBJECT_PARTS =
            List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath");

    private EventKinds() {}

    static List<Kind> all() {
        return List.of(
                Kind.of(Resource.EVENTS)
                        .withRules(new EventRules(false))
                        .withPrinter(Printers.EVENT)
                        .withShortNames("ev")
                        .withTraits(Trait.CREATE_ON_UPDATE)
                        .withFields(fields(
                                "involvedObject",
                                SelectableField.of("reportingComponent"),
                                new SelectableField("source", EventKinds::source))),
                Kind.of(Resource.EVENTS_V1)
                        .withView(new EventView())
                        .withRules(new EventRules(true))
                        .withPrinter(Printers.EVENT)
                        .withShortNames("ev")
                        .withTraits(Trait.CREATE_ON_UPDATE)
                        .withFields(fields(
                                "regarding",
                                new SelectableField(
                                        "reportingController", event -> Tree.text(event, "reportingComponent")))));
    }

    private static SelectableField[] fields(String object, SelectableField... more) {
        Stream<SelectableField> ofObject = OBJECT_PARTS.stream()
                .map(part ->
                        new SelectableField(object + "." + part, event -> Tree.text(event, "involvedObject", part)));
        Stream<SelectableField> common = Stream.of(SelectableField.of("reason"), SelectableField.of("type"));
        return Stream.of(ofObject, common, Stream.of(more)).flatMap(all -> all).toArray(SelectableField[]::new);
    }

    private static String source(ObjectNode event) {
        String component = Tree.text(event, "source", "component");
        return component.isEmpty() ? Tree.text(event, "reportingComponent") : component;
    }
}
