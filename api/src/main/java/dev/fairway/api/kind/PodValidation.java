package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks a pod's spec, as it stands in a pod or in a template.
final class PodValidation {

    private static final Set<String> RESTARTS = Set.of("Always", "OnFailure", "Never");
    private static final Set<String> DNS = Set.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");

    private PodValidation() {}

    static void spec(Causes causes, String field, JsonNode spec) {
        Set<String> volumes = volumes(causes, field + ".volumes", spec);
        List<ObjectNode> containers = Tree.objects(spec, "containers");
        if (containers.isEmpty()) {
            causes.required(field + ".containers", "");
        }
        Set<String> names = new HashSet<>();
        for (String list : List.of("containers", "initContainers")) {
            List<ObjectNode> each = Tree.objects(spec, list);
            for (int i = 0; i < each.size(); i++) {
                ContainerValidation.container(causes, field + "." + list + "[" + i + "]", each.get(i), names, volumes);
            }
        }
        choice(causes, field + ".restartPolicy", Tree.text(spec, "restartPolicy"), RESTARTS);
        choice(causes, field + ".dnsPolicy", Tree.text(spec, "dnsPolicy"), DNS);
        MetaValidation.labels(causes, field + ".nodeSelector", Tree.textMap(spec, "nodeSelector"));
        name(causes, field + ".hostname", Tree.text(spec, "hostname"), false);
        name(causes, field + ".subdomain", Tree.text(spec, "subdomain"), false);
        name(causes, field + ".nodeName", Tree.text(spec, "nodeName"), true);
        name(causes, field + ".serviceAccountName", Tree.text(spec, "serviceAccountName"), true);
        notNegative(causes, field + ".terminationGracePeriodSeconds", spec, "terminationGracePeriodSeconds");
        if (Tree.has(spec, "activeDeadlineSeconds") && Tree.number(spec, 0, "activeDeadlineSeconds") < 1) {
            causes.invalid(
                    field + ".activeDeadlineSeconds",
                    Tree.at(spec, "activeDeadlineSeconds"),
                    "must be between 1 and 2147483647, inclusive");
        }
    }

    static void choice(Causes causes, String field, String value, Set<String> known) {
        if (value.isEmpty()) {
            causes.required(field, "");
        } else if (!known.contains(value)) {
            causes.unsupported(field, value, known);
        }
    }

    static void notNegative(Causes causes, String field, JsonNode object, String name) {
        long value = Tree.number(object, 0, name);
        if (value < 0) {
            causes.invalid(field, value, "must be greater than or equal to 0");
        }
    }

    private static void name(Causes causes, String field, String name, boolean dots) {
        if (!name.isEmpty()) {
            causes.invalidEach(field, name, dots ? Names.subdomain(name) : Names.label(name));
        }
    }

    private static Set<String> volumes(Causes causes, String field, JsonNode spec) {
        Set<String> names = new HashSet<>();
        List<ObjectNode> volumes = Tree.objects(spec, "volumes");
        for (int i = 0; i < volumes.size(); i++) {
            String name = Tree.text(volumes.get(i), "name");
            String at = field + "[" + i + "].name";
            if (name.isEmpty()) {
                causes.required(at, "");
            } else {
                causes.invalidEach(at, name, Names.label(name));
            }
            if (!names.add(name)) {
                causes.duplicate(at, Causes.quoted(name));
            }
        }
        return names;
    }

    static List<String> warnings(String field, JsonNode spec) {
        List<String> warnings = new ArrayList<>();
        List<ObjectNode> containers = Tree.objects(spec, "containers");
        for (int i = 0; i < containers.size(); i++) {
            Set<String> seen = new HashSet<>();
            for (ObjectNode variable : Tree.objects(containers.get(i), "env")) {
                String name = Tree.text(variable, "name");
                if (!seen.add(name)) {
                    warnings.add(field + ".containers[" + i + "].env: hides previous definition of \"" + name + "\"");
                }
            }
        }
        return warnings;
    }
}
