package dev.fairway.schema.apply;

import dev.fairway.schema.Times;
import java.time.Instant;

/// Who makes one write, and when.
///
/// @param manager what the client calls itself, not empty
/// @param apiVersion of the object as the client wrote it
/// @param subresource through which it wrote; empty for the object itself
public record Author(String manager, String apiVersion, String subresource, Instant now) {

    Owner owner(Owner.Operation operation) {
        String version = operation == Owner.Operation.APPLY ? "" : apiVersion;
        return new Owner(manager, operation, version, subresource);
    }

    /// An entry of the author's that owns these fields since now.
    Owners.Entry entry(Owner.Operation operation, FieldSet fields) {
        return new Owners.Entry(owner(operation), apiVersion, Times.toText(now), fields);
    }
}
