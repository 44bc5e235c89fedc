package dev.fairway.schema.apply;

import dev.fairway.schema.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A set of field paths, as a tree of path elements. Elements are written as in the API's `FieldsV1`: `f:spec` for a
/// field, `k:{"port":80,"protocol":"TCP"}` for an entry of a list of objects, `v:"text"` for a value of a list of
/// scalars.
///
/// Immutable. The source of the form is structured-merge-diff's `fieldpath` package.
public final class FieldSet {

    public static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());

    private static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());
    private static final String SELF = ".";

    /// The path up to here is in the set.
    private final boolean self;

    private final SortedMap<String, FieldSet> children;

    private FieldSet(boolean self, SortedMap<String, FieldSet> children) {
        this.self = self;
        this.children = children;
    }

    private static FieldSet of(boolean self, SortedMap<String, FieldSet> children) {
        return children.isEmpty() ? self ? LEAF : EMPTY : new FieldSet(self, children);
    }

    /// Reads `FieldsV1`.
    public static FieldSet parse(JsonNode fields) {
        return parse(fields, false);
    }

    private static FieldSet parse(JsonNode fields, boolean leaf) {
        if (fields.isEmpty()) {
            return leaf ? LEAF : EMPTY;
        }
        TreeMap<String, FieldSet> children = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : fields.properties()) {
            if (!entry.getKey().equals(SELF)) {
                children.put(entry.getKey(), parse(entry.getValue(), true));
            }
        }
        return of(fields.has(SELF), children);
    }

    /// `FieldsV1`: an element without anything below it is an empty object; `.` stands for a path that has some.
    public ObjectNode toFieldsV1() {
        ObjectNode out = Json.object();
        if (self && !children.isEmpty()) {
            out.putObject(SELF);
        }
        children.forEach((element, child) -> out.set(element, child.toFieldsV1()));
        return out;
    }

    public boolean isEmpty() {
        return !self && children.isEmpty();
    }

    /// The path of this one element is in the set.
    boolean has(String element) {
        FieldSet child = children.get(element);
        return child != null && child.self;
    }

    /// What the set holds at and below the element.
    FieldSet under(String element) {
        return Objects.requireNonNullElse(children.get(element), EMPTY);
    }

    boolean self() {
        return self;
    }

    SortedMap<String, FieldSet> children() {
        return Collections.unmodifiableSortedMap(children);
    }

    FieldSet withChildren(SortedMap<String, FieldSet> changed, boolean member) {
        return of(member, changed);
    }

    public FieldSet union(FieldSet other) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        TreeMap<String, FieldSet> out = new TreeMap<>(children);
        other.children.forEach((element, child) -> out.merge(element, child, FieldSet::union));
        return of(self || other.self, out);
    }

    /// The paths that are not in the other.
    public FieldSet minus(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return this;
        }
        TreeMap<String, FieldSet> out = new TreeMap<>();
        children.forEach((element, child) -> keep(out, element, child.minus(other.under(element))));
        return of(self && !other.self, out);
    }

    public FieldSet intersect(FieldSet other) {
        if (isEmpty() || other.isEmpty()) {
            return EMPTY;
        }
        TreeMap<String, FieldSet> out = new TreeMap<>();
        children.forEach((element, child) -> keep(out, element, child.intersect(other.under(element))));
        return of(self && other.self, out);
    }

    private static void keep(Map<String, FieldSet> out, String element, FieldSet set) {
        if (!set.isEmpty()) {
            out.put(element, set);
        }
    }

    /// The paths as texts such as `.spec.ports[port=80,protocol="TCP"].nodePort`, in the order of upstream's messages:
    /// the elements of a level before what is below them.
    public List<String> paths() {
        List<String> out = new ArrayList<>();
        each("", out::add);
        return out;
    }

    private void each(String prefix, Consumer<String> out) {
        children.forEach((element, child) -> {
            if (child.self) {
                out.accept(prefix + PathElement.toText(element));
            }
        });
        children.forEach((element, child) -> child.each(prefix + PathElement.toText(element), out));
    }

    @Override
    public boolean equals(Object other) {
        return this == other || other instanceof FieldSet set && self == set.self && children.equals(set.children);
    }

    @Override
    public int hashCode() {
        return children.hashCode() * 2 + (self ? 1 : 0);
    }

    @Override
    public String toString() {
        return toFieldsV1().toString();
    }

    /// Gathers paths.
    static final class Builder {

        private boolean self;
        private final TreeMap<String, Builder> children = new TreeMap<>();

        void add(List<String> path) {
            Builder here = this;
            for (String element : path) {
                here = here.children.computeIfAbsent(element, _ -> new Builder());
            }
            here.self = true;
        }

        FieldSet build() {
            TreeMap<String, FieldSet> out = new TreeMap<>();
            children.forEach((element, child) -> out.put(element, child.build()));
            return of(self, out);
        }
    }
}
