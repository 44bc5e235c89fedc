package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A headless Service with ports that only a cluster IP could translate.
final class HeadlessCheck {

    private HeadlessCheck() {}

    static Optional<Finding> finding(ObjectKey key, ObjectNode service) {
        if (!Tree.text(service, "spec", "clusterIP").equals("None")) {
            return Optional.empty();
        }
        List<ObjectNode> ports = Tree.objects(service, "spec", "ports");
        for (int i = 0; i < ports.size(); i++) {
            long port = Tree.number(ports.get(i), 0, "port");
            JsonNode target = Tree.at(ports.get(i), "targetPort");
            if (target.isIntegralNumber() && target.longValue() != port) {
                return Optional.of(new Finding(
                        Code.HEADLESS_PORT_IGNORED,
                        key,
                        "it is headless, so port " + port
                                + " is not translated: its name leads to the pods, which answer on "
                                + target.longValue(),
                        List.of(
                                "spec.clusterIP: None",
                                "spec.ports[" + i + "]: port " + port + ", targetPort " + target.longValue()),
                        "kubectl patch service " + key.name() + " -n " + key.namespace()
                                + " --type=json -p '[{\"op\":\"replace\",\"path\":\"/spec/ports/" + i
                                + "/port\",\"value\":" + target.longValue() + "}]'"));
            }
        }
        return Optional.empty();
    }
}
