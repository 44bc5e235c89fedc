package dev.fairway.api.security.audit;

import dev.fairway.api.security.Access;
import dev.fairway.api.security.User;
import dev.fairway.schema.Json;
import dev.fairway.schema.Times;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One line of the audit log: who asked what of which object, and how it ended. Never what was in it.
///
/// @param acting as whom the user acted
/// @param uri without values of parameters that could hold anything but names and numbers
/// @param code of the answer; 0 where there is none yet
public record AuditEvent(
        String id,
        Stage stage,
        User user,
        Optional<User> acting,
        Access access,
        String apiVersion,
        String uri,
        String source,
        String userAgent,
        int code,
        Instant received,
        Instant at) {

    public enum Stage {
        ResponseStarted,
        ResponseComplete,
        Panic
    }

    ObjectNode toTree() {
        ObjectNode out = Json.object()
                .put("kind", "Event")
                .put("apiVersion", "audit.k8s.io/v1")
                .put("level", "Metadata")
                .put("auditID", id)
                .put("stage", stage.name())
                .put("requestURI", uri)
                .put("verb", access.verb());
        user(out.putObject("user"), user);
        acting.ifPresent(other -> user(out.putObject("impersonatedUser"), other));
        out.putArray("sourceIPs").add(source);
        if (!userAgent.isEmpty()) {
            out.put("userAgent", userAgent);
        }
        if (access instanceof Access.ToResource to) {
            object(out.putObject("objectRef"), to);
        }
        if (code != 0) {
            out.putObject("responseStatus").putObject("metadata");
            Tree.makeObject(out, "responseStatus").put("code", code);
        }
        return out.put("requestReceivedTimestamp", Times.toMicroText(received))
                .put("stageTimestamp", Times.toMicroText(at));
    }

    private static void user(ObjectNode out, User user) {
        out.put("username", user.name());
        put(out, "uid", user.uid());
        ArrayNode groups = out.putArray("groups");
        user.groups().forEach(groups::add);
        user.extra().forEach((key, values) -> {
            ArrayNode list = Tree.makeObject(out, "extra").putArray(key);
            values.forEach(list::add);
        });
    }

    private void object(ObjectNode out, Access.ToResource to) {
        put(out, "resource", to.plural());
        put(out, "namespace", to.namespace());
        put(out, "name", to.name());
        put(out, "apiGroup", to.group());
        put(out, "apiVersion", apiVersion);
        put(out, "subresource", to.subresource());
    }

    private static void put(ObjectNode out, String field, String value) {
        if (!value.isEmpty()) {
            out.put(field, value);
        }
    }
}
