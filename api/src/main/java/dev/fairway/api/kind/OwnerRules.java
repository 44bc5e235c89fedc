package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of ReplicaSets and Deployments: a number of pods, a selector and a template that agree.
///
/// @param deployment whether the rollout fields apply too
record OwnerRules(boolean deployment) implements KindRules {

    @Override
    public void applyDefaults(ObjectNode owner) {
        ObjectNode spec = Tree.makeObject(owner, "spec");
        absent(spec, "replicas", 1);
        if (spec.get("template") instanceof ObjectNode template) {
            PodDefaults.apply(Tree.makeObject(template, "spec"));
        }
        if (!deployment) {
            return;
        }
        absent(spec, "revisionHistoryLimit", 10);
        absent(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = Tree.makeObject(spec, "strategy");
        if (Tree.text(strategy, "type").isEmpty()) {
            strategy.put("type", "RollingUpdate");
        }
        if (Tree.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Tree.makeObject(strategy, "rollingUpdate");
            for (String field : List.of("maxUnavailable", "maxSurge")) {
                if (!Tree.has(rolling, field)) {
                    rolling.put(field, "25%");
                }
            }
        }
    }

    private static void absent(ObjectNode object, String field, int value) {
        if (!Tree.has(object, field)) {
            object.put(field, value);
        }
    }

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode owner) {
        ObjectNode status = owner.putObject("status");
        if (!deployment) {
            status.put("replicas", 0);
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode owner) {
        Causes causes = new Causes();
        JsonNode spec = Tree.at(owner, "spec");
        for (String number :
                List.of("replicas", "minReadySeconds", "revisionHistoryLimit", "progressDeadlineSeconds")) {
            PodValidation.notNegative(causes, "spec." + number, spec, number);
        }
        Optional<LabelSelector> selector = selector(causes, spec);
        template(causes, Tree.at(spec, "template"), selector);
        if (deployment) {
            RolloutValidation.strategy(causes, Tree.at(spec, "strategy"));
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        if (!Tree.at(old, "spec", "selector").equals(Tree.at(now, "spec", "selector"))) {
            causes.invalid("spec.selector", Tree.at(now, "spec", "selector"), "field is immutable");
        }
        return causes.list();
    }

    private Optional<LabelSelector> selector(Causes causes, JsonNode spec) {
        JsonNode given = Tree.at(spec, "selector");
        if (given.isMissingNode()) {
            causes.required("spec.selector", "");
            return Optional.empty();
        }
        if (Tree.at(given, "matchLabels").isEmpty()
                && Tree.at(given, "matchExpressions").isEmpty()) {
            causes.invalid(
                    "spec.selector",
                    given,
                    "empty selector is invalid for " + (deployment ? "deployment" : "replica set"));
            return Optional.empty();
        }
        try {
            return Optional.of(LabelSelector.ofObject(given));
        } catch (IllegalArgumentException e) {
            causes.invalid("spec.selector", given, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static void template(Causes causes, JsonNode template, Optional<LabelSelector> selector) {
        if (template.isMissingNode()) {
            causes.required("spec.template", "");
            return;
        }
        JsonNode labels = Tree.at(template, "metadata", "labels");
        if (selector.isPresent() && !selector.get().matches(Meta.labels(template))) {
            causes.invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        }
        MetaValidation.labels(causes, "spec.template.metadata.labels", Meta.labels(template));
        PodValidation.spec(causes, "spec.template.spec", Tree.at(template, "spec"));
        String restart = Tree.text(template, "spec", "restartPolicy");
        if (!restart.equals("Always")) {
            causes.unsupported("spec.template.spec.restartPolicy", restart, Set.of("Always"));
        }
    }

    @Override
    public List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        return PodValidation.warnings("spec.template.spec", Tree.at(now, "spec", "template", "spec"));
    }
}
