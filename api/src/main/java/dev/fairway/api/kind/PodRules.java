package dev.fairway.api.kind;

import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rules of pods. What runs cannot change under way: an update may touch images, deadlines and tolerations only, and
/// placement sets the node once.
final class PodRules implements KindRules {

    private static final String FIXED = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to"
            + " existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was"
            + " previously negative)";

    @Override
    public void applyDefaults(ObjectNode pod) {
        ObjectNode spec = Tree.makeObject(pod, "spec");
        PodDefaults.apply(spec);
        if (!Tree.has(spec, "enableServiceLinks")) {
            spec.put("enableServiceLinks", true);
        }
        if (Tree.text(spec, "serviceAccountName").isEmpty()) {
            String alias = Tree.text(spec, "serviceAccount");
            spec.put("serviceAccountName", alias.isEmpty() ? "default" : alias);
        }
        spec.put("serviceAccount", Tree.text(spec, "serviceAccountName"));
    }

    @Override
    public void beforeCreate(WriteScope scope, ObjectNode pod) {
        pod.putObject("status")
                .put("phase", "Pending")
                .put("qosClass", PodQuality.of(pod).apiName());
    }

    @Override
    public List<Cause> validateCreate(ObjectNode pod) {
        Causes causes = new Causes();
        PodValidation.spec(causes, "spec", Tree.at(pod, "spec"));
        return causes.list();
    }

    @Override
    public List<Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        PodValidation.spec(causes, "spec", Tree.at(now, "spec"));
        ObjectNode allowed = Tree.makeObject(old.deepCopy(), "spec");
        JsonNode asked = Tree.at(now, "spec");
        if (Tree.text(allowed, "nodeName").isEmpty() && Tree.has(asked, "nodeName")) {
            allowed.put("nodeName", Tree.text(asked, "nodeName"));
        }
        Tree.carry(asked, allowed, "activeDeadlineSeconds");
        tolerations(causes, asked, allowed);
        carryImages(asked, allowed, "containers");
        carryImages(asked, allowed, "initContainers");
        if (Tree.number(allowed, 0, "terminationGracePeriodSeconds") < 0) {
            Tree.carry(asked, allowed, "terminationGracePeriodSeconds");
        }
        if (!allowed.equals(asked)) {
            causes.forbidden("spec", FIXED);
        }
        return causes.list();
    }

    private static void tolerations(Causes causes, JsonNode asked, ObjectNode allowed) {
        List<ObjectNode> wanted = Tree.objects(asked, "tolerations");
        if (!wanted.containsAll(Tree.objects(allowed, "tolerations"))) {
            causes.forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
        Tree.carry(asked, allowed, "tolerations");
    }

    private static void carryImages(JsonNode asked, ObjectNode allowed, String list) {
        List<ObjectNode> wanted = Tree.objects(asked, list);
        List<ObjectNode> have = Tree.objects(allowed, list);
        for (int i = 0; i < Math.min(wanted.size(), have.size()); i++) {
            Tree.carry(wanted.get(i), have.get(i), "image");
        }
    }

    @Override
    public List<Cause> validateStatusUpdate(ObjectNode old, ObjectNode now) {
        Causes causes = new Causes();
        List<ObjectNode> ips = Tree.objects(now, "status", "podIPs");
        for (int i = 0; i < ips.size(); i++) {
            String ip = Tree.text(ips.get(i), "ip");
            if (dev.fairway.address.IpAddress.tryParse(ip).isEmpty()) {
                causes.invalid("status.podIPs[" + i + "]", ip, ServiceAddressValidation.IP_TEXT);
            }
        }
        return causes.list();
    }

    @Override
    public List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        boolean news = old.map(was -> !Objects.equals(was.get("spec"), now.get("spec")))
                .orElse(true);
        return news ? PodValidation.warnings("spec", Tree.at(now, "spec")) : List.of();
    }
}
