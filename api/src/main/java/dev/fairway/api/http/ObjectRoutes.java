package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.api.kind.Subresource;
import dev.fairway.api.registry.Listed;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.registry.Stored;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.api.registry.Written;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.codec.Decoded;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.node.ObjectNode;

/// Reads and writes of stored objects.
final class ObjectRoutes {

    private final Registry registry;
    private final Answers answers;
    private final InstantSource clock;

    ObjectRoutes(Registry registry, Answers answers, InstantSource clock) {
        this.registry = registry;
        this.answers = answers;
        this.clock = clock;
    }

    /// Whoever names no revision wants the newest state, also of what other servers wrote.
    void catchUp(Call call) {
        if (call.query().text("resourceVersion").isEmpty()) {
            registry.catchUp();
        }
    }

    Reply collection(Call call, Kind kind, String namespace) {
        return switch (call.method()) {
            case "GET", "HEAD" -> Requests.isWatch(call) ? watch(call, kind, namespace) : list(call, kind, namespace);
            case "POST" -> create(call, kind, namespace);
            case "DELETE" -> deleteAll(call, kind, namespace);
            default -> throw Refusal.methodNotAllowed();
        };
    }

    private Reply list(Call call, Kind kind, String namespace) {
        Form.choose(call.accept(), Answers.OF_LIST);
        return answers.list(call, kind, registry.list(kind, Requests.list(call, namespace)));
    }

    private Reply watch(Call call, Kind kind, String namespace) {
        Form form = Form.choose(call.accept(), List.of(Form.Shape.TABLE, Form.Shape.PARTIAL))
                .streamed();
        WatchEncoder encoder = new WatchEncoder(kind, form, Tables.Include.of(call, form), clock);
        try {
            return WatchLoop.open(call, registry.watch(kind, Requests.watch(call, namespace)), encoder);
        } catch (ApiException e) {
            // Clients expect this one where events come; whoever reads it lists again.
            if (e.isExpired()) {
                return WatchLoop.refused(call, e, encoder);
            }
            throw e;
        }
    }

    private Reply create(Call call, Kind kind, String namespace) {
        Form.choose(call.accept(), Answers.OF_OBJECT);
        WriteOptions options = Requests.write(call);
        Decoded decoded = Wire.decode(call, kind.resource());
        ObjectNode object = decoded.object();
        checkNamespace(kind, namespace, object);
        Written written = registry.create(kind, namespace, object, options);
        return answers.stored(call, kind, 201, written.stored(), all(decoded.warnings(), written.warnings()))
                .about(Meta.name(written.object()));
    }

    private Reply deleteAll(Call call, Kind kind, String namespace) {
        if (kind.has(Trait.NO_DELETE_COLLECTION)) {
            throw Refusal.methodNotAllowed();
        }
        ObjectNode options = Requests.deleteOptions(call);
        List<ObjectNode> deleted = registry.deleteAll(
                kind, Requests.list(call, namespace), Requests.delete(options), Requests.deleteWrite(call, options));
        String revision = Long.toString(registry.revision());
        List<Stored> last = deleted.stream().map(Stored::of).toList();
        return answers.list(call, kind, new Listed(last, revision, "", OptionalLong.empty()));
    }

    Reply item(Call call, Kind kind, Target.Item item, Section section) {
        return switch (call.method()) {
            case "GET", "HEAD" ->
                answers.stored(
                        call,
                        kind,
                        200,
                        registry.get(
                                kind,
                                item.namespace(),
                                item.name(),
                                call.query().text("resourceVersion")),
                        List.of());
            case "PUT" -> replace(call, kind, item, section);
            case "PATCH" -> patch(call, kind, item, section);
            case "DELETE" -> {
                if (section != Section.MAIN) {
                    throw Refusal.methodNotAllowed();
                }
                yield delete(call, kind, item);
            }
            default -> throw Refusal.methodNotAllowed();
        };
    }

    private Reply replace(Call call, Kind kind, Target.Item item, Section section) {
        Form.choose(call.accept(), Answers.OF_OBJECT);
        WriteOptions options = Requests.write(call);
        Decoded decoded = Wire.decode(call, kind.resource());
        ObjectNode object = decoded.object();
        checkNamespace(kind, item.namespace(), object);
        checkName(item.name(), object);
        Written written = registry.replace(kind, item.namespace(), item.name(), section, object, options);
        int status = written.outcome() == Written.Outcome.CREATED ? 201 : 200;
        return answers.stored(call, kind, status, written.stored(), all(decoded.warnings(), written.warnings()));
    }

    private Reply patch(Call call, Kind kind, Target.Item item, Section section) {
        Form.choose(call.accept(), Answers.OF_OBJECT);
        if (WriteParameters.isApply(call)) {
            return apply(call, kind, item, section);
        }
        WriteOptions options = Requests.write(call);
        PatchEdit edit = PatchEdit.parse(
                call, kind.resource().apiVersion(), kind.resource().kind(), kind.rules()::mergeWarnings);
        Written written = registry.change(kind, item.namespace(), item.name(), section, edit, options);
        return answers.stored(call, kind, 200, written.stored(), all(edit.warnings(), written.warnings()));
    }

    private Reply apply(Call call, Kind kind, Target.Item item, Section section) {
        WriteOptions options = Requests.write(call);
        AppliedBody body = AppliedBody.parse(
                call, kind.resource().apiVersion(), kind.resource().kind());
        checkNamespace(kind, item.namespace(), body.object());
        boolean force = call.query().flag("force");
        Written written = registry.apply(kind, item.namespace(), item.name(), section, body.object(), force, options);
        int status = written.outcome() == Written.Outcome.CREATED ? 201 : 200;
        return answers.stored(call, kind, status, written.stored(), all(body.warnings(), written.warnings()));
    }

    private Reply delete(Call call, Kind kind, Target.Item item) {
        ObjectNode options = Requests.deleteOptions(call);
        Written written = registry.delete(
                kind, item.namespace(), item.name(), Requests.delete(options), Requests.deleteWrite(call, options));
        if (written.outcome() == Written.Outcome.MARKED || kind.has(Trait.DELETE_RETURNS_OBJECT)) {
            return answers.stored(call, kind, 200, written.stored(), written.warnings());
        }
        var resource = kind.resource();
        String uid = Meta.uid(written.object());
        return Answers.plain(call, 200, StatusTree.deleted(resource.group(), resource.plural(), item.name(), uid));
    }

    /// The part of the object that a subresource stands for; empty for the object itself.
    static Section section(Kind kind, String subresource) {
        if (subresource.isEmpty()) {
            return Section.MAIN;
        }
        return Subresource.find(subresource)
                .filter(kind::has)
                .flatMap(Section::of)
                .orElseThrow(Refusal::noSuchPath);
    }

    private static void checkNamespace(Kind kind, String namespace, ObjectNode object) {
        if (!kind.resource().namespaced()) {
            return;
        }
        if (namespace.isEmpty()) {
            throw Refusal.badRequest("an object of this kind needs a namespace: use the path of a namespace");
        }
        String found = Meta.namespace(object);
        if (!found.isEmpty() && !found.equals(namespace)) {
            throw Refusal.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the " + "request");
        }
    }

    private static void checkName(String name, ObjectNode object) {
        String found = Meta.name(object);
        if (!found.equals(name)) {
            throw Refusal.badRequest(
                    "the name of the object (" + found + ") does not match the name on the URL (" + name + ")");
        }
    }

    private static List<String> all(List<String> some, List<String> more) {
        return java.util.stream.Stream.concat(some.stream(), more.stream())
                .distinct()
                .toList();
    }
}
