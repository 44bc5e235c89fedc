package dev.fairway.schema.openapi;

/// The two versions of OpenAPI that clients read.
enum Dialect {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    private final String schemaPrefix;

    Dialect(String schemaPrefix) {
        this.schemaPrefix = schemaPrefix;
    }

    String reference(String type) {
        return schemaPrefix + type;
    }
}
