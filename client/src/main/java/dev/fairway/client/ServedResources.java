package dev.fairway.client;

import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads a discovery document (`APIResourceList`).
final class ServedResources {

    private static final Set<String> NEEDED_VERBS = Set.of("list", "watch", "delete");

    private ServedResources() {}

    /// The collections of one group and version that can be listed, watched and emptied; subresources are none.
    static List<Resource> of(JsonNode document) {
        String groupVersion = Tree.text(document, "groupVersion");
        int slash = groupVersion.indexOf('/');
        String group = slash < 0 ? "" : groupVersion.substring(0, slash);
        String version = groupVersion.substring(slash + 1);
        return Tree.objects(document, "resources").stream()
                .filter(entry -> !Tree.text(entry, "name").contains("/"))
                .filter(entry -> Tree.texts(entry, "verbs").containsAll(NEEDED_VERBS))
                .map(entry -> new Resource(
                        group,
                        version,
                        Tree.text(entry, "name"),
                        Tree.text(entry, "kind"),
                        Tree.flag(entry, "namespaced")))
                .toList();
    }
}
