package dev.fairway.schema;

import java.util.List;
import java.util.Map;

/// One field of a type.
///
/// @param name in JSON
/// @param number on the protobuf wire; 0 for `apiVersion` and `kind` of whole objects, which stand in the envelope
/// @param inline the message's fields stand in the JSON object itself
/// @param required the API refuses an object without it
/// @param nullable a scalar whose zero value differs from absence
/// @param plain a message that Go always writes: an empty one on the wire means absence
/// @param ownership how server-side apply splits it among owners
/// @param values the only ones that a text, or each text of a list, may have; empty where it is free
/// @param doc one or more sentences, or empty
public record Field(
        String name,
        int number,
        Shape shape,
        boolean inline,
        boolean required,
        boolean nullable,
        boolean plain,
        MergeRule merge,
        Ownership ownership,
        List<String> values,
        String doc) {

    public Field {
        values = List.copyOf(values);
    }

    /// What a strategic merge patch does with the field.
    ///
    /// @param merges a list is merged instead of replaced
    /// @param key the merge key of a list of objects; empty for lists of scalars
    /// @param retainKeys patches may hold `$retainKeys`
    public record MergeRule(boolean merges, String key, boolean retainKeys) {
        public static final MergeRule REPLACE = new MergeRule(false, "", false);
    }

    /// How server-side apply owns the field.
    ///
    /// @param topology the unit of ownership
    /// @param keys of a `MAP` list, in order
    /// @param keyDefaults what a key that an entry lacks counts as
    public record Ownership(Topology topology, List<String> keys, Map<String, String> keyDefaults) {
        public Ownership {
            keys = List.copyOf(keys);
            keyDefaults = Map.copyOf(keyDefaults);
        }

        public Ownership(Topology topology, List<String> keys) {
            this(topology, keys, Map.of());
        }
    }

    /// The unit that one applier owns.
    public enum Topology {
        /// The whole list, map or object.
        ATOMIC,
        /// Each field of an object, or entry of a map.
        GRANULAR,
        /// Each value of a list of distinct scalars.
        SET,
        /// Each entry of a list of objects, told apart by keys.
        MAP
    }
}
