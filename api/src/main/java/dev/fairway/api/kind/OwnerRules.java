package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of the kinds that own pods: a selector and a template that agree, a number of pods, a way to roll out.
record OwnerRules(Workload workload) implements KindRules {

    @Override
    public void applyDefaults(ObjectNode owner) {
        ObjectNode spec = Tree.makeObject(owner, "spec");
        if (workload.countsReplicas()) {
            absent(spec, "replicas", 1);
        }
        if (spec.get("template") instanceof ObjectNode template) {
            PodDefaults.apply(Tree.makeObject(template, "spec"));
        }
        switch (workload) {
            case REPLICA_SET -> {}
            case REPLICATION_CONTROLLER -> ofTemplate(owner, spec);
            case DEPLOYMENT -> {
                absent(spec, "revisionHistoryLimit", 10);
                absent(spec, "progressDeadlineSeconds", 600);
                RolloutDefaults.deployment(spec);
            }
            case DAEMON_SET -> {
                absent(spec, "revisionHistoryLimit", 10);
                RolloutDefaults.daemonSet(spec);
            }
        }
    }

    static void absent(ObjectNode object, String field, int value) {
        if (!Tree.has(object, field)) {
            object.put(field, value);
        }
    }

    /// Labels and selector of a ReplicationController are those of its template, unless given.
    private static void ofTemplate(ObjectNode owner, ObjectNode spec) {
        SortedMap<String, String> labels = Tree.textMap(spec, "template", "metadata", "labels");
        if (labels.isEmpty()) {
            return;
        }
        if (Tree.textMap(spec, "selector").isEmpty()) {
            labels.forEach(Tree.makeObject(spec, "selector")::put);
        }
        if (Meta.labels(owner).isEmpty()) {
            labels.forEach(Tree.makeObject(owner, "metadata", "labels")::put);
        }
    }

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode owner) {
        ObjectNode status = owner.putObject("status");
        switch (workload) {
            case REPLICATION_CONTROLLER, REPLICA_SET -> status.put("replicas", 0);
            case DEPLOYMENT -> {}
            case DAEMON_SET ->
                List.of("currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady")
                        .forEach(field -> status.put(field, 0));
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
        template(causes, Tree.at(spec, "template"), selector(causes, spec));
        switch (workload) {
            case REPLICATION_CONTROLLER, REPLICA_SET -> {}
            case DEPLOYMENT -> RolloutValidation.strategy(causes, Tree.at(spec, "strategy"));
            case DAEMON_SET -> RolloutValidation.updateStrategy(causes, Tree.at(spec, "updateStrategy"));
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        causes.addAll(validateCreate(now));
        if (workload.hasLabelSelector() && !Tree.at(old, "spec", "selector").equals(Tree.at(now, "spec", "selector"))) {
            causes.invalid("spec.selector", Tree.at(now, "spec", "selector"), "field is immutable");
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateStatusUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        Tree.at(now, "status").properties().forEach(entry -> {
            if (entry.getValue().isIntegralNumber()) {
                PodValidation.notNegative(causes, "status." + entry.getKey(), Tree.at(now, "status"), entry.getKey());
            }
        });
        return causes.list();
    }

    private Optional<LabelSelector> selector(Causes causes, JsonNode spec) {
        JsonNode given = Tree.at(spec, "selector");
        if (given.isMissingNode() || (given.isEmpty() && !workload.hasLabelSelector())) {
            causes.required("spec.selector", "");
            return Optional.empty();
        }
        if (!workload.hasLabelSelector()) {
            return Optional.of(LabelSelector.ofMap(Tree.textMap(spec, "selector")));
        }
        if (Tree.at(given, "matchLabels").isEmpty()
                && Tree.at(given, "matchExpressions").isEmpty()) {
            causes.invalid("spec.selector", given, "empty selector is invalid for " + workload.words());
            return Optional.empty();
        }
        boolean good = SelectorValidation.selector(causes, "spec.selector", given);
        return good ? Optional.of(LabelSelector.ofObject(given)) : Optional.empty();
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
