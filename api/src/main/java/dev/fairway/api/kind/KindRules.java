package dev.fairway.api.kind;

import dev.fairway.schema.ApiException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is special about one kind: defaults, allocation, immutability, validation. The registry calls these in a fixed
/// order and does everything that all kinds share (names, uids, revisions, finalizers).
///
/// A write runs: `applyDefaults`, `before...`, `validate...`, commit. Every method may edit the object it is asked
/// about in place and nothing else.
public interface KindRules {

    /// Rules of a kind without any.
    KindRules NONE = new KindRules() {};

    /// What is wrong with a name of this kind; usually it has to be a DNS subdomain.
    default List<String> nameErrors(String name) {
        return Names.subdomain(name);
    }

    /// Fills absent fields; called for every decoded object.
    default void applyDefaults(ObjectNode object) {}

    /// Clears what the client may not set, allocates, sets fields owned by the server.
    default void beforeCreate(WriteScope scope, ObjectNode object) {}

    /// Keeps, allocates or wipes fields for an update through the main resource. The status of `now` is already that of
    /// `old` when the kind has a status subresource.
    default void beforeUpdate(WriteScope scope, ObjectNode old, ObjectNode now) {}

    /// The same for an update through `/status`. The spec of `now` is already that of `old`.
    default void beforeStatusUpdate(WriteScope scope, ObjectNode old, ObjectNode now) {}

    /// The object goes away for good in this very transaction: releases what it held.
    default void afterDelete(WriteScope scope, ObjectNode object) {}

    default List<ApiException.Cause> validateCreate(ObjectNode object) {
        return List.of();
    }

    default List<ApiException.Cause> validateUpdate(ObjectNode old, ObjectNode now) {
        return List.of();
    }

    default List<ApiException.Cause> validateStatusUpdate(ObjectNode old, ObjectNode now) {
        return List.of();
    }

    /// Sentences for the `Warning` header; `old` is empty for a creation.
    default List<String> warnings(Optional<ObjectNode> old, ObjectNode now) {
        return List.of();
    }

    /// The same for a strategic merge patch: what it did beyond what its sender may have meant.
    default List<String> mergeWarnings(ObjectNode old, ObjectNode now) {
        return List.of();
    }
}
