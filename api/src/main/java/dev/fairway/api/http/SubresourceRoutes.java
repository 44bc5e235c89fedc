package dev.fairway.api.http;

import dev.fairway.api.NodeDirectory;
import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Subresource;
import dev.fairway.api.proxy.NodeWays;
import dev.fairway.api.registry.DeleteQuery;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.registry.Registry;
import dev.fairway.api.registry.Section;
import dev.fairway.api.security.token.ServiceAccountTokens;
import dev.fairway.schema.Tree;
import tools.jackson.databind.node.ObjectNode;

/// What follows an object's name in a path.
final class SubresourceRoutes {

    private final Registry registry;
    private final ObjectRoutes objects;
    private final ScaleRoutes scales;
    private final PodRoutes pods;
    private final ProxyRoutes proxies;
    private final ServiceAccountTokens tokens;

    /// @param nodes those of this process
    /// @param ways to the others
    SubresourceRoutes(
            Registry registry, ObjectRoutes objects, NodeDirectory nodes, NodeWays ways, ServiceAccountTokens tokens) {
        this.tokens = tokens;
        this.pods = new PodRoutes(registry, nodes, new RemotePods(ways));
        this.proxies = new ProxyRoutes(registry, nodes);
        this.registry = registry;
        this.objects = objects;
        this.scales = new ScaleRoutes(registry);
    }

    Reply answer(Call call, Kind kind, Target.Item item) {
        Subresource sub = Subresource.find(item.subresource()).filter(kind::has).orElseThrow(Refusal::noSuchPath);
        return switch (sub) {
            case STATUS -> objects.item(call, kind, item, Section.STATUS);
            case FINALIZE -> objects.item(call, kind, item, Section.FINALIZE);
            case SCALE -> scales.answer(call, kind, item);
            case TOKEN -> token(call, item);
            case BINDING -> bind(call, kind, item);
            case EVICTION -> evict(call, kind, item);
            case LOG, EXEC, ATTACH, PORT_FORWARD -> pods.answer(call, kind, item, sub);
            case PROXY -> proxies.answer(call, kind, item);
        };
    }

    /// Puts a pod on a node.
    private Reply bind(Call call, Kind kind, Target.Item item) {
        requirePost(call);
        ObjectNode binding = Wire.decode(call, "v1", "Binding").object();
        String node = Tree.text(binding, "target", "name");
        if (node.isEmpty()) {
            throw Refusal.badRequest("Binding \"" + item.name() + "\" is invalid: target.name: Required value");
        }
        registry.change(
                kind,
                item.namespace(),
                item.name(),
                Section.MAIN,
                pod -> assign(kind, pod, item.name(), node),
                Requests.write(call).through("binding"));
        return Answers.plain(call, 201, StatusTree.success(201));
    }

    private static ObjectNode assign(Kind kind, ObjectNode pod, String name, String node) {
        String present = Tree.text(pod, "spec", "nodeName");
        if (!present.isEmpty()) {
            String why = "pod " + name + " is already assigned to node \"" + present + "\"";
            throw Refusal.conflict(kind.resource(), name, why);
        }
        Tree.makeObject(pod, "spec").put("nodeName", node);
        return pod;
    }

    /// Gives out a token. It is in the answer and nowhere else.
    private Reply token(Call call, Target.Item item) {
        requirePost(call);
        ObjectNode request =
                Wire.decode(call, "authentication.k8s.io/v1", "TokenRequest").object();
        return Answers.plain(call, 201, tokens.answer(call.user(), item.namespace(), item.name(), request));
    }

    private Reply evict(Call call, Kind kind, Target.Item item) {
        requirePost(call);
        ObjectNode eviction = Wire.decode(call, "policy/v1", "Eviction").object();
        ObjectNode options = Tree.makeObject(eviction, "deleteOptions");
        registry.delete(
                kind, item.namespace(), item.name(), DeleteQuery.of(options), Requests.deleteWrite(call, options));
        return Answers.plain(call, 201, StatusTree.success(201));
    }

    private static void requirePost(Call call) {
        if (!call.method().equals("POST")) {
            throw Refusal.methodNotAllowed();
        }
    }
}
