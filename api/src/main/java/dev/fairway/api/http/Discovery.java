package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.kind.Subresource;
import dev.fairway.schema.Json;
import dev.fairway.schema.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is served, as plain lists and as the aggregated documents.
final class Discovery {

    /// Groups in the order kubectl resolves short names.
    private static final List<String> ORDER = List.of("", "apps", "authentication.k8s.io", "authorization.k8s.io");

    /// One collection with what may be asked of it.
    record Served(
            Resource resource,
            String singular,
            List<String> verbs,
            List<String> shortNames,
            List<String> categories,
            List<Subresource> subresources) {

        static Served of(Kind kind) {
            return new Served(
                    kind.resource(),
                    kind.singular(),
                    kind.verbs(),
                    kind.shortNames(),
                    kind.categories(),
                    kind.subresources().stream()
                            .sorted(Comparator.comparing(Subresource::path))
                            .toList());
        }

        static Served createOnly(Resource resource) {
            String singular = resource.kind().toLowerCase(java.util.Locale.ROOT);
            return new Served(resource, singular, List.of("create"), List.of(), List.of(), List.of());
        }
    }

    /// Group, then version, then collections in order of name.
    private final Map<String, Map<String, List<Served>>> groups =
            new TreeMap<>(Comparator.<String>comparingInt(g -> ORDER.contains(g) ? ORDER.indexOf(g) : ORDER.size())
                    .thenComparing(g -> g));

    private Discovery(List<Served> all) {
        for (Served served : all) {
            Resource resource = served.resource();
            groups.computeIfAbsent(resource.group(), g -> new TreeMap<>())
                    .computeIfAbsent(resource.version(), v -> new ArrayList<>())
                    .add(served);
        }
        Comparator<Served> byName =
                Comparator.comparing(served -> served.resource().plural());
        groups.values().forEach(versions -> versions.values().forEach(list -> list.sort(byName)));
    }

    static Discovery of(Kinds kinds, List<Resource> createOnly) {
        List<Served> all = new ArrayList<>(kinds.all().stream().map(Served::of).toList());
        createOnly.forEach(resource -> all.add(Served.createOnly(resource)));
        return new Discovery(all);
    }

    boolean has(String group, String version) {
        return groups.getOrDefault(group, Map.of()).containsKey(version);
    }

    boolean hasGroup(String group) {
        return groups.containsKey(group);
    }

    /// `/api`.
    ObjectNode versions(String host) {
        ObjectNode out = Json.object().put("kind", "APIVersions");
        out.putArray("versions").add("v1");
        out.putArray("serverAddressByClientCIDRs")
                .addObject()
                .put("clientCIDR", "0.0.0.0/0")
                .put("serverAddress", host);
        return out;
    }

    /// `/apis`.
    ObjectNode groupList() {
        ObjectNode out = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = out.putArray("groups");
        groups.keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> fillGroup(list.addObject(), g));
        return out;
    }

    /// `/apis/GROUP`.
    ObjectNode group(String group) {
        return fillGroup(Json.object().put("kind", "APIGroup").put("apiVersion", "v1"), group);
    }

    private ObjectNode fillGroup(ObjectNode out, String group) {
        out.put("name", group);
        ArrayNode versions = out.putArray("versions");
        for (String version : groups.getOrDefault(group, Map.of()).keySet()) {
            fillVersion(versions.addObject(), group, version);
        }
        fillVersion(
                out.putObject("preferredVersion"),
                group,
                versions.get(0).get("version").stringValue());
        return out;
    }

    private static void fillVersion(ObjectNode out, String group, String version) {
        out.put("groupVersion", group + "/" + version).put("version", version);
    }

    /// `/api/v1` and `/apis/GROUP/VERSION`.
    ObjectNode resources(String group, String version) {
        ObjectNode out = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode list = out.putArray("resources");
        for (Served served : groups.getOrDefault(group, Map.of()).getOrDefault(version, List.of())) {
            fillResource(list.addObject(), served);
            served.subresources().forEach(sub -> fillSubresource(list.addObject(), served, sub));
        }
        return out;
    }

    private static void fillResource(ObjectNode out, Served served) {
        Resource resource = served.resource();
        out.put("name", resource.plural())
                .put("singularName", served.singular())
                .put("namespaced", resource.namespaced())
                .put("kind", resource.kind());
        putTexts(out, "verbs", served.verbs());
        putTextsUnlessEmpty(out, "shortNames", served.shortNames());
        putTextsUnlessEmpty(out, "categories", served.categories());
    }

    private static void fillSubresource(ObjectNode out, Served served, Subresource sub) {
        Resource resource = served.resource();
        out.put("name", resource.plural() + "/" + sub.path())
                .put("singularName", "")
                .put("namespaced", resource.namespaced());
        String apiVersion = SubresourceTypes.apiVersion(sub);
        if (!apiVersion.isEmpty() && !apiVersion.equals("v1")) {
            out.put("group", apiVersion.split("/")[0]).put("version", apiVersion.split("/")[1]);
        }
        out.put("kind", kindOf(sub, resource));
        putTexts(out, "verbs", sub.verbs());
    }

    /// `ServiceProxyOptions` and the like are no types of their own here: their one field is in the path.
    private static String kindOf(Subresource sub, Resource resource) {
        if (sub == Subresource.PROXY) {
            return resource.kind() + "ProxyOptions";
        }
        return sub.kind().isEmpty() ? resource.kind() : sub.kind();
    }

    /// The aggregated document of `/api` (the core group) or `/apis` (the others).
    ///
    /// @param version of the document, `v2` or `v2beta1`
    ObjectNode aggregated(boolean core, String version) {
        ObjectNode out =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/" + version);
        out.putObject("metadata");
        ArrayNode items = out.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!group.isEmpty()) {
                    metadata.put("name", group);
                }
                ArrayNode list = item.putArray("versions");
                versions.forEach((each, served) -> fillAggregated(list.addObject(), each, served));
            }
        });
        return out;
    }

    private static void fillAggregated(ObjectNode out, String version, List<Served> all) {
        out.put("version", version);
        ArrayNode list = out.putArray("resources");
        for (Served served : all) {
            Resource resource = served.resource();
            ObjectNode entry = list.addObject().put("resource", resource.plural());
            putKind(entry, resource.group(), resource.version(), resource.kind());
            entry.put("scope", resource.namespaced() ? "Namespaced" : "Cluster");
            entry.put("singularResource", served.singular());
            putTexts(entry, "verbs", served.verbs());
            putTextsUnlessEmpty(entry, "shortNames", served.shortNames());
            putTextsUnlessEmpty(entry, "categories", served.categories());
            if (!served.subresources().isEmpty()) {
                ArrayNode subs = entry.putArray("subresources");
                served.subresources().forEach(sub -> fillAggregatedSubresource(subs.addObject(), resource, sub));
            }
        }
        out.put("freshness", "Current");
    }

    private static void fillAggregatedSubresource(ObjectNode out, Resource resource, Subresource sub) {
        out.put("subresource", sub.path());
        String apiVersion = SubresourceTypes.apiVersion(sub);
        if (apiVersion.isEmpty()) {
            putKind(out, resource.group(), resource.version(), kindOf(sub, resource));
        } else {
            String[] parts = apiVersion.contains("/") ? apiVersion.split("/") : new String[] {"", apiVersion};
            putKind(out, parts[0], parts[1], sub.kind());
        }
        putTexts(out, "verbs", sub.verbs());
    }

    private static void putKind(ObjectNode out, String group, String version, String kind) {
        out.putObject("responseKind")
                .put("group", group)
                .put("version", version)
                .put("kind", kind);
    }

    private static void putTexts(ObjectNode out, String field, List<String> texts) {
        ArrayNode list = out.putArray(field);
        texts.forEach(list::add);
    }

    private static void putTextsUnlessEmpty(ObjectNode out, String field, List<String> texts) {
        if (!texts.isEmpty()) {
            putTexts(out, field, texts);
        }
    }
}
