package dev.fairway.api.security;

import dev.fairway.schema.FieldSelector;

/// What a request wants to do.
public sealed interface Access {

    String verb();

    /// The same for an object whose name is known only now; nothing changes where one is known.
    Access about(String object);

    /// @param namespace empty for all namespaces or for a cluster-wide kind
    /// @param name empty for a collection
    /// @param fields the field selector of a list or watch, which may narrow it to what a node may see
    record ToResource(
            String verb,
            String group,
            String plural,
            String subresource,
            String namespace,
            String name,
            FieldSelector fields)
            implements Access {

        public ToResource(String verb, String group, String plural, String subresource, String namespace, String name) {
            this(verb, group, plural, subresource, namespace, name, FieldSelector.EVERYTHING);
        }

        /// A list or watch; one that is narrowed to a name is access to that name (upstream's request info does the
        /// same).
        public static ToResource collection(
                String verb, String group, String plural, String namespace, String fieldSelector) {
            FieldSelector fields = parse(fieldSelector);
            return new ToResource(verb, group, plural, "", namespace, selected(fields, "metadata.name"), fields);
        }

        /// A selector that cannot be read narrows nothing; the reader of the list refuses it.
        private static FieldSelector parse(String text) {
            try {
                return FieldSelector.parse(text);
            } catch (IllegalArgumentException e) {
                return FieldSelector.EVERYTHING;
            }
        }

        @Override
        public Access about(String object) {
            return name.isEmpty() && !object.isEmpty()
                    ? new ToResource(verb, group, plural, subresource, namespace, object, fields)
                    : this;
        }

        /// `pods` or `pods/log`.
        public String path() {
            return subresource.isEmpty() ? plural : plural + "/" + subresource;
        }

        /// The only value of the field that the selector lets pass; empty when it lets pass others.
        public String selected(String field) {
            return selected(fields, field);
        }

        private static String selected(FieldSelector fields, String field) {
            return fields.terms().stream()
                    .filter(term -> term.equal() && term.field().equals(field))
                    .map(FieldSelector.Term::value)
                    .findFirst()
                    .orElse("");
        }
    }

    record ToPath(String verb, String path) implements Access {
        @Override
        public Access about(String object) {
            return this;
        }
    }
}
