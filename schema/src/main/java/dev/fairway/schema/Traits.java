package dev.fairway.schema;

import dev.fairway.schema.Field.MergeRule;
import dev.fairway.schema.Field.Ownership;
import dev.fairway.schema.Field.Topology;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What `overlay.txt` and `docs.txt` say about one type or field.
///
/// @param words `required`, `merge=port` and so on, as word and value
record Traits(Map<String, String> words, String doc) {

    static final Traits NONE = new Traits(Map.of(), "");

    private static final Set<String> KNOWN = Set.of(
            "required", "nullable", "plain", "inline", "json", "enum", "merge", "retainKeys", "set", "map", "atomic");

    static Traits parse(String text) {
        Map<String, String> words = text.isEmpty()
                ? Map.of()
                : List.of(text.split(" ")).stream()
                        .collect(Collectors.toMap(
                                word -> word.replaceFirst("=.*", ""), word -> word.replaceFirst("^[^=]*=?", "")));
        words.keySet().forEach(word -> {
            if (!KNOWN.contains(word)) {
                throw new IllegalStateException("overlay.txt: \"" + word + "\" in \"" + text + "\" means nothing");
            }
        });
        return new Traits(words, "");
    }

    static Traits ofDoc(String doc) {
        return new Traits(Map.of(), doc);
    }

    /// Both; the other's values win.
    Traits and(Traits other) {
        Map<String, String> all = new TreeMap<>(words);
        all.putAll(other.words);
        return new Traits(all, other.doc.isEmpty() ? doc : other.doc);
    }

    boolean has(String word) {
        return words.containsKey(word);
    }

    boolean atomic() {
        return has("atomic");
    }

    String json() {
        return words.getOrDefault("json", "");
    }

    /// The only values that a text may have, in order; empty where it is free.
    List<String> values() {
        return has("enum") ? List.of(words.getOrDefault("enum", "").split(",")) : List.of();
    }

    MergeRule merge() {
        if (!has("merge") && !has("retainKeys")) {
            return MergeRule.REPLACE;
        }
        return new MergeRule(has("merge"), words.getOrDefault("merge", ""), has("retainKeys"));
    }

    Ownership ownership(Shape shape) {
        if (has("map")) {
            return listMap(List.of(words.getOrDefault("map", "").split(",")));
        }
        if (has("set")) {
            return new Ownership(Topology.SET, List.of());
        }
        boolean whole = atomic() || shape instanceof Shape.ListOf || shape == Shape.Special.TEXTS;
        return new Ownership(whole ? Topology.ATOMIC : Topology.GRANULAR, List.of());
    }

    /// @param keys names, each with `:` and its default if it has one
    private static Ownership listMap(List<String> keys) {
        Map<String, String> defaults = keys.stream()
                .filter(key -> key.contains(":"))
                .collect(Collectors.toMap(key -> key.replaceFirst(":.*", ""), key -> key.replaceFirst(".*:", "")));
        return new Ownership(
                Topology.MAP,
                keys.stream().map(key -> key.replaceFirst(":.*", "")).toList(),
                defaults);
    }
}
