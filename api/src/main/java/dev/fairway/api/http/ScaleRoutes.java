package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.Json;
import dev.fairway.schema.LabelSelector;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.codec.Decoder;
import dev.fairway.schema.codec.FieldValidation;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `scale` subresource: the number of replicas as an object of its own.
final class ScaleRoutes {

    private static final String VERSION = "autoscaling/v1";
    private static final String KIND = "Scale";

    private final Registry registry;

    ScaleRoutes(Registry registry) {
        this.registry = registry;
    }

    Reply answer(Call call, Kind kind, Target.Item item) {
        return switch (call.method()) {
            case "GET", "HEAD" -> reply(call, registry.get(kind, item.namespace(), item.name()));
            case "PUT" -> {
                ObjectNode asked = Wire.decode(call, VERSION, KIND).object();
                yield change(call, kind, item, old -> asked.deepCopy());
            }
            case "PATCH" ->
                WriteParameters.isApply(call)
                        ? apply(call, kind, item)
                        : change(call, kind, item, PatchEdit.parse(call, VERSION, KIND));
            default -> throw Refusal.methodNotAllowed();
        };
    }

    private Reply change(Call call, Kind kind, Target.Item item, UnaryOperator<ObjectNode> edit) {
        return reply(
                call,
                registry.change(
                                kind,
                                item.namespace(),
                                item.name(),
                                Section.MAIN,
                                object -> scale(kind, object, edit),
                                Requests.write(call).through("scale"))
                        .object());
    }

    /// What is applied to the scale is applied to the object, by an owner of its own.
    private Reply apply(Call call, Kind kind, Target.Item item) {
        WriteOptions options = Requests.write(call).through("scale");
        ObjectNode body = AppliedBody.parse(call, VERSION, KIND).object();
        Decoder.conform(body, new Decoder.Expected(VERSION, KIND), FieldValidation.STRICT);
        ObjectNode applied = Json.object()
                .put("apiVersion", kind.resource().apiVersion())
                .put("kind", kind.resource().kind());
        Tree.carry(body, applied, "metadata");
        Tree.carry(body, applied, "spec");
        boolean force = call.query().flag("force");
        return reply(
                call,
                registry.apply(kind, item.namespace(), item.name(), Section.MAIN, applied, force, options)
                        .object());
    }

    private static ObjectNode scale(Kind kind, ObjectNode object, UnaryOperator<ObjectNode> edit) {
        ObjectNode asked = edit.apply(view(object));
        long replicas = Tree.number(asked, 0, "spec", "replicas");
        if (replicas < 0 || replicas > Integer.MAX_VALUE) {
            Cause cause = new Cause(
                    "FieldValueInvalid",
                    "Invalid value: " + replicas + ": must be greater than or equal to 0",
                    "spec.replicas");
            throw Refusal.invalid(kind, Meta.name(object), List.of(cause));
        }
        Tree.makeObject(object, "spec").put("replicas", replicas);
        Tree.makeObject(object, "metadata").put("resourceVersion", Meta.resourceVersion(asked));
        return object;
    }

    private static Reply reply(Call call, ObjectNode object) {
        return Answers.plain(call, 200, view(object));
    }

    private static ObjectNode view(ObjectNode object) {
        ObjectNode scale = Json.object().put("kind", KIND).put("apiVersion", VERSION);
        ObjectNode meta = scale.putObject("metadata");
        for (String field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
            JsonNode value = Tree.at(object, "metadata", field);
            if (!value.isMissingNode()) {
                meta.set(field, value);
            }
        }
        scale.putObject("spec").put("replicas", Tree.number(object, 0, "spec", "replicas"));
        String selector = selector(object).toText();
        scale.putObject("status")
                .put("replicas", Tree.number(object, 0, "status", "replicas"))
                .put("selector", selector);
        return scale;
    }

    /// ReplicationControllers have a plain map.
    private static LabelSelector selector(ObjectNode object) {
        JsonNode selector = Tree.at(object, "spec", "selector");
        return Tree.text(object, "kind").equals("ReplicationController")
                ? LabelSelector.ofMap(Tree.textMap(selector))
                : LabelSelector.ofObject(selector);
    }
}
