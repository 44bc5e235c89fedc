package dev.fairway.schema.patch;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A path into a JSON tree, RFC 6901: `/spec/ports/0`.
record JsonPointer(String text, List<String> steps) {

    static JsonPointer parse(String text) {
        if (!text.isEmpty() && !text.startsWith("/")) {
            throw Refusal.malformed("JSON patch: path \"" + text + "\" must be empty or begin with '/'");
        }
        List<String> steps = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String step : text.substring(1).split("/", -1)) {
                steps.add(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return new JsonPointer(text, List.copyOf(steps));
    }

    boolean isRoot() {
        return steps.isEmpty();
    }

    String last() {
        return steps.getLast();
    }

    /// The node that holds the last step.
    JsonNode parentIn(JsonNode root) {
        return walk(root, steps.size() - 1);
    }

    JsonNode in(JsonNode root) {
        return walk(root, steps.size());
    }

    /// True when this place lies within the other, or is the same.
    boolean isWithin(JsonPointer other) {
        return steps.size() >= other.steps.size()
                && steps.subList(0, other.steps.size()).equals(other.steps);
    }

    private JsonNode walk(JsonNode root, int length) {
        JsonNode here = root;
        for (String step : steps.subList(0, length)) {
            here = child(here, step);
        }
        return here;
    }

    private JsonNode child(JsonNode node, String step) {
        JsonNode found = node instanceof ArrayNode list
                ? list.get(index(step, list.size() - 1))
                : node instanceof ObjectNode object ? object.get(step) : null;
        if (found == null) {
            throw missing();
        }
        return found;
    }

    /// A list index from 0 to `highest`.
    int index(String step, int highest) {
        boolean number = step.matches("0|[1-9][0-9]{0,8}");
        if (!number || Integer.parseInt(step) > highest) {
            throw Refusal.unfit("JSON patch: path \"" + text + "\": there is no list entry \"" + step + "\"");
        }
        return Integer.parseInt(step);
    }

    dev.fairway.schema.ApiException missing() {
        return Refusal.unfit("JSON patch: path \"" + text + "\" does not exist in the object");
    }
}
