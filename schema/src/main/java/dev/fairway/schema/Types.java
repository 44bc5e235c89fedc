package dev.fairway.schema;

import java.util.List;
import java.util.Optional;

/// The table of the served API types: what every codec, patch and schema document is driven by.
///
/// It is read once from three texts beside this class: `types.txt` (fields, numbers, types; written by a tool),
/// `overlay.txt` (merge rules and the like, kept by hand) and `docs.txt` (what each field means, in our own words).
/// `kinds.txt` names the whole objects.
public final class Types {

    private static final TypeTable TABLE = TypeTable.load();

    private Types() {}

    /// A kind of whole object.
    ///
    /// @param apiVersion `*` when any group may use it, as with `Status`
    public record Kind(String apiVersion, String kind, ObjectType type) {}

    /// @throws IllegalArgumentException when the kind is not served
    public static ObjectType of(String apiVersion, String kind) {
        return find(apiVersion, kind)
                .orElseThrow(() -> new IllegalArgumentException(
                        "no kind \"" + kind + "\" is served in version \"" + apiVersion + "\""));
    }

    public static Optional<ObjectType> find(String apiVersion, String kind) {
        return TABLE.find(apiVersion, kind).or(() -> TABLE.find("*", kind));
    }

    /// @param name the full name, such as `io.k8s.api.core.v1.ServiceSpec`
    public static ObjectType named(String name) {
        return TABLE.named(name);
    }

    /// All types by name.
    public static List<ObjectType> all() {
        return TABLE.all();
    }

    public static List<Kind> kinds() {
        return TABLE.kinds();
    }
}
