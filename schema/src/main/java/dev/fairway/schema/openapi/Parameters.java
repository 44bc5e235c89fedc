package dev.fairway.schema.openapi;

import dev.fairway.schema.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The parameters of operations. kubectl looks for `fieldValidation` and `dryRun` on the patch of a kind to learn what
/// the server can do.
final class Parameters {

    private static final Parameter DRY_RUN =
            query("dryRun", "string", "With All, everything is done but the change is not kept.");
    private static final Parameter MANAGER =
            query("fieldManager", "string", "Who writes, for the record of which fields belong to whom.");
    private static final Parameter VALIDATION = query(
            "fieldValidation",
            "string",
            "What happens to unknown and duplicate fields: Ignore drops them, Warn drops them and warns, Strict"
                    + " refuses the request.");
    private static final Parameter FORCE =
            query("force", "boolean", "An apply takes over fields that belong to others.");
    private static final Parameter LABELS = query("labelSelector", "string", "Only objects with such labels.");
    private static final Parameter FIELDS = query("fieldSelector", "string", "Only objects with such fields.");
    private static final Parameter LIMIT = query("limit", "integer", "At most so many objects at a time.");
    private static final Parameter CONTINUE = query("continue", "string", "Where the page before this one ended.");
    private static final Parameter WATCH = query("watch", "boolean", "Send changes as they happen.");
    private static final Parameter BOOKMARKS =
            query("allowWatchBookmarks", "boolean", "A watch may send events that only tell a new revision.");
    private static final Parameter REVISION =
            query("resourceVersion", "string", "The revision to read at, or to watch from.");
    private static final Parameter REVISION_MATCH =
            query("resourceVersionMatch", "string", "How the revision is meant: NotOlderThan or Exact.");
    private static final Parameter INITIAL =
            query("sendInitialEvents", "boolean", "A watch begins with the objects that are there.");
    private static final Parameter TIMEOUT = query("timeoutSeconds", "integer", "After so long a watch ends.");
    private static final Parameter GRACE =
            query("gracePeriodSeconds", "integer", "How long the object may take to end.");
    private static final Parameter PROPAGATION = query(
            "propagationPolicy",
            "string",
            "What happens to the objects that it owns: Orphan, Background or Foreground.");

    private Parameters() {}

    record Parameter(String name, String in, String type, String description) {

        ObjectNode toJson(Dialect dialect) {
            ObjectNode out = Json.object().put("name", name).put("in", in).put("description", description);
            if (in.equals("path")) {
                out.put("required", true);
            }
            ObjectNode schema = dialect == Dialect.V2 ? out : out.putObject("schema");
            schema.put("type", type).put("uniqueItems", true);
            return out;
        }
    }

    private static Parameter query(String name, String type, String description) {
        return new Parameter(name, "query", type, description);
    }

    static Parameter path(String name, String description) {
        return new Parameter(name, "path", "string", description);
    }

    static List<Parameter> of(String verb) {
        return switch (verb) {
            case "list" ->
                List.of(BOOKMARKS, CONTINUE, FIELDS, LABELS, LIMIT, REVISION, REVISION_MATCH, INITIAL, TIMEOUT, WATCH);
            case "create", "update" -> List.of(DRY_RUN, MANAGER, VALIDATION);
            case "patch" -> List.of(DRY_RUN, MANAGER, VALIDATION, FORCE);
            case "delete" -> List.of(DRY_RUN, GRACE, PROPAGATION);
            case "deletecollection" -> List.of(CONTINUE, DRY_RUN, FIELDS, GRACE, LABELS, LIMIT, PROPAGATION);
            default -> List.of();
        };
    }
}
