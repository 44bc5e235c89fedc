package dev.fairway.schema.apply;

/// Who owns fields: a manager in one way of writing.
///
/// @param name what the client calls itself
/// @param apiVersion the version it wrote in; empty for appliers, who are the same in every version
/// @param subresource empty for the object itself
record Owner(String name, Operation operation, String apiVersion, String subresource) {

    /// How fields came to be owned.
    enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /// As in the messages of conflicts: `"kubectl" using v1`.
    String toText() {
        String quoted = '"' + name + '"' + (subresource.isEmpty() ? "" : " with subresource \"" + subresource + '"');
        return switch (operation) {
            case APPLY -> quoted;
            case UPDATE -> quoted + " using " + apiVersion;
        };
    }
}
