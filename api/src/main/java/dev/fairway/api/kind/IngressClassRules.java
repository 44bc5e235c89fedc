package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of IngressClasses (upstream `pkg/apis/networking/validation`).
final class IngressClassRules implements KindRules {

    private static final int CONTROLLER_MAX_BYTES = 250;
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

    @Override
    public void applyDefaults(ObjectNode object) {
        if (Tree.at(object, "spec", "parameters") instanceof ObjectNode parameters && !Tree.has(parameters, "scope")) {
            parameters.put("scope", "Cluster");
        }
    }

    @Override
    public List<Cause> validateCreate(ObjectNode object) {
        Causes causes = new Causes();
        String controller = Tree.text(object, "spec", "controller");
        if (controller.isEmpty()) {
            causes.required("spec.controller", "");
        } else {
            controller(causes, controller);
        }
        JsonNode parameters = Tree.at(object, "spec", "parameters");
        if (!parameters.isMissingNode()) {
            IngressValidation.reference(causes, "spec.parameters", parameters);
            scope(causes, parameters);
        }
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        String controller = Tree.text(now, "spec", "controller");
        if (!Tree.text(old, "spec", "controller").equals(controller)) {
            causes.invalid("spec.controller", controller, "field is immutable");
        }
        causes.addAll(validateCreate(now));
        return causes.list();
    }

    /// A domain, a slash and a path.
    private static void controller(Causes causes, String controller) {
        if (Names.bytes(controller) > CONTROLLER_MAX_BYTES) {
            causes.tooLong("spec.controller", CONTROLLER_MAX_BYTES);
        }
        int slash = controller.indexOf('/');
        if (slash <= 0 || slash == controller.length() - 1) {
            causes.invalid("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
            return;
        }
        String host = controller.substring(0, slash);
        causes.invalidEach("spec.controller", host, Names.subdomain(host));
        String path = controller.substring(slash + 1);
        if (!PATH.matcher(path).matches()) {
            causes.invalid("spec.controller", path, "Invalid path (regex used for validation is '" + PATH + "')");
        }
    }

    private static void scope(Causes causes, JsonNode parameters) {
        String scope = Tree.text(parameters, "scope");
        JsonNode namespace = Tree.at(parameters, "namespace");
        switch (scope) {
            case "Namespace" -> {
                if (namespace.isMissingNode()) {
                    causes.required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'");
                } else {
                    String name = namespace.asString();
                    causes.invalidEach("spec.parameters.namespace", name, Names.label(name));
                }
            }
            case "Cluster" -> {
                if (!namespace.isMissingNode()) {
                    causes.forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'");
                }
            }
            default -> causes.unsupported("spec.parameters.scope", scope, Set.of("Cluster", "Namespace"));
        }
    }
}
