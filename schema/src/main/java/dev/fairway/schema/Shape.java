package dev.fairway.schema;

/// What a field holds.
public sealed interface Shape {

    /// A plain value; one JSON scalar, one protobuf scalar.
    enum Scalar implements Shape {
        STRING,
        BOOL,
        INT32,
        INT64,
        DOUBLE,
        /// Base64 text in JSON.
        BYTES
    }

    /// A message on the wire that JSON writes in a form of its own.
    enum Special implements Shape {
        /// RFC 3339 text with whole seconds.
        TIME,
        /// RFC 3339 text with six digits of a second.
        MICRO_TIME,
        /// Text such as `100m`, or a number.
        QUANTITY,
        /// A 32-bit integer or text.
        INT_OR_STRING,
        /// Any JSON object: JSON bytes on the wire.
        RAW,
        /// The field sets of server-side apply: JSON bytes on the wire.
        FIELDS,
        /// A list of texts that is a message of its own on the wire.
        TEXTS
    }

    /// @param type the full name of the message type; see {@link Types#named}
    record Message(String type) implements Shape {}

    record ListOf(Shape element) implements Shape {}

    /// A map from text.
    record MapOf(Shape value) implements Shape {}
}
