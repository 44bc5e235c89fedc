package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Rules of events (upstream `pkg/apis/core/validation/events.go`). They stand in the namespace of what they tell
/// about,
/// or in `default` for what has none. One with an `eventTime` says who reports what.
///
/// @param strict as the newer group wants it: the fields of older events stay empty, and only the series changes
record EventRules(boolean strict) implements KindRules {

    private static final int WORD_MAX = 128;
    private static final int MESSAGE_MAX = 1024;

    @Override
    public List<Cause> validateCreate(ObjectNode event) {
        Causes causes = new Causes();
        if (Tree.has(event, "eventTime")) {
            reported(causes, event);
        } else {
            sameNamespace(causes, event);
        }
        if (strict) {
            newForm(causes, event);
        }
        return causes.list();
    }

    private static void sameNamespace(Causes causes, ObjectNode event) {
        String about = Tree.text(event, "involvedObject", "namespace");
        String here = Meta.namespace(event);
        if (!about.equals(here) && !(about.isEmpty() && here.equals("default"))) {
            causes.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
    }

    private static void reported(Causes causes, ObjectNode event) {
        String about = Tree.text(event, "involvedObject", "namespace");
        if (about.isEmpty() && !Set.of("default", "kube-system").contains(Meta.namespace(event))) {
            causes.invalid("involvedObject.namespace", about, "does not match event.namespace");
        }
        String controller = Tree.text(event, "reportingComponent");
        if (controller.isEmpty()) {
            causes.required("reportingController", "");
        }
        causes.invalidEach("reportingController", controller, Names.qualified(controller));
        for (String word : List.of("reportingInstance", "action", "reason")) {
            if (Tree.text(event, word).isEmpty()) {
                causes.required(word, "");
            }
            atMost(causes, event, word, WORD_MAX);
        }
        atMost(causes, event, "message", MESSAGE_MAX);
    }

    private static void atMost(Causes causes, ObjectNode event, String field, int max) {
        if (Names.bytes(Tree.text(event, field)) > max) {
            causes.invalid(field, "", "can have at most " + max + " characters");
        }
    }

    private static void newForm(Causes causes, ObjectNode event) {
        series(causes, event);
        if (!Tree.has(event, "eventTime")) {
            causes.required("eventTime", "");
        }
        String type = Tree.text(event, "type");
        if (!type.equals("Normal") && !type.equals("Warning")) {
            causes.invalid("type", "", "has invalid value: " + type);
        }
        for (String old : List.of("firstTimestamp", "lastTimestamp", "count")) {
            if (Tree.has(event, old)) {
                causes.invalid(old, "", "needs to be unset");
            }
        }
        if (!Tree.text(event, "source", "component").isEmpty()
                || !Tree.text(event, "source", "host").isEmpty()) {
            causes.invalid("source", "", "needs to be unset");
        }
    }

    private static void series(Causes causes, ObjectNode event) {
        if (!Tree.has(event, "series")) {
            return;
        }
        if (Tree.number(event, 0, "series", "count") < 2) {
            causes.invalid("series.count", "", "should be at least 2");
        }
        if (!Tree.has(event, "series", "lastObservedTime")) {
            causes.required("series.lastObservedTime", "");
        }
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        if (Tree.has(now, "eventTime")) {
            reported(causes, now);
        } else {
            sameNamespace(causes, now);
        }
        if (strict) {
            if (!Tree.at(old, "series").equals(Tree.at(now, "series"))) {
                series(causes, now);
            }
            unchanged(causes, old, now);
        }
        return causes.list();
    }

    private static void unchanged(Causes causes, ObjectNode old, ObjectNode now) {
        for (String field : List.of(
                "involvedObject",
                "reason",
                "message",
                "source",
                "firstTimestamp",
                "lastTimestamp",
                "count",
                "type",
                "eventTime",
                "action",
                "related",
                "reportingComponent",
                "reportingInstance")) {
            if (!Tree.at(old, field).equals(Tree.at(now, field))) {
                String shown = field.equals("reportingComponent") ? "reportingController" : field;
                causes.invalid(shown, Tree.at(now, field), "field is immutable");
            }
        }
    }
}
