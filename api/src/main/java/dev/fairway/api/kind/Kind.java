package dev.fairway.api.kind;

import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Everything the server knows about one served kind. Handlers ask this value and never the kind's name.
///
/// @param singular the name kubectl accepts beside the plural
/// @param subresources what may follow the object's name in a path
/// @param fields what `fieldSelector` may name, beside `metadata.name` and `metadata.namespace`
/// @param view for a kind that shows the objects of another
public record Kind(
        Resource resource,
        String singular,
        List<String> shortNames,
        List<String> categories,
        Set<Subresource> subresources,
        Set<Trait> traits,
        KindRules rules,
        Printer printer,
        List<SelectableField> fields,
        Deletion deletion,
        Optional<View> view) {

    /// Ways in which a kind differs from the usual.
    public enum Trait {
        /// A PUT on a missing object creates it.
        CREATE_ON_UPDATE,
        /// DELETE answers with the deleted object in place of a Status.
        DELETE_RETURNS_OBJECT,
        /// A PUT must say which revision it replaces.
        CONDITIONAL_UPDATE,
        /// `metadata.generation` counts the changes outside of metadata and status.
        GENERATION,
        /// Objects are only deleted one by one.
        NO_DELETE_COLLECTION
    }

    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    public Kind {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        subresources = Set.copyOf(subresources);
        traits = Set.copyOf(traits);
        fields = List.copyOf(fields);
    }

    /// A kind with nothing special: the usual verbs, a name and an age.
    public static Kind of(Resource resource) {
        String singular = resource.kind().toLowerCase(java.util.Locale.ROOT);
        return new Kind(
                resource,
                singular,
                List.of(),
                List.of(),
                Set.of(),
                Set.of(),
                KindRules.NONE,
                NamePrinter.INSTANCE,
                List.of(),
                Deletion.AT_ONCE,
                Optional.empty());
    }

    public Kind withShortNames(String... names) {
        return new Kind(
                resource,
                singular,
                List.of(names),
                categories,
                subresources,
                traits,
                rules,
                printer,
                fields,
                deletion,
                view);
    }

    /// Makes `kubectl get all` include it.
    public Kind inAll() {
        return new Kind(
                resource,
                singular,
                shortNames,
                List.of("all"),
                subresources,
                traits,
                rules,
                printer,
                fields,
                deletion,
                view);
    }

    public Kind withSubresources(Subresource... more) {
        Set<Subresource> all = EnumSet.noneOf(Subresource.class);
        all.addAll(List.of(more));
        return new Kind(
                resource, singular, shortNames, categories, all, traits, rules, printer, fields, deletion, view);
    }

    public Kind withTraits(Trait... more) {
        Set<Trait> all = Set.of(more);
        return new Kind(
                resource, singular, shortNames, categories, subresources, all, rules, printer, fields, deletion, view);
    }

    public Kind withRules(KindRules newRules) {
        return new Kind(
                resource,
                singular,
                shortNames,
                categories,
                subresources,
                traits,
                newRules,
                printer,
                fields,
                deletion,
                view);
    }

    public Kind withPrinter(Printer newPrinter) {
        return new Kind(
                resource,
                singular,
                shortNames,
                categories,
                subresources,
                traits,
                rules,
                newPrinter,
                fields,
                deletion,
                view);
    }

    public Kind withFields(SelectableField... more) {
        return new Kind(
                resource,
                singular,
                shortNames,
                categories,
                subresources,
                traits,
                rules,
                printer,
                List.of(more),
                deletion,
                view);
    }

    public Kind withDeletion(Deletion newDeletion) {
        return new Kind(
                resource,
                singular,
                shortNames,
                categories,
                subresources,
                traits,
                rules,
                printer,
                fields,
                newDeletion,
                view);
    }

    public Kind withView(View newView) {
        return new Kind(
                resource,
                singular,
                shortNames,
                categories,
                subresources,
                traits,
                rules,
                printer,
                fields,
                deletion,
                Optional.of(newView));
    }

    /// The kind under which its objects are stored: itself, unless it is a view.
    public Kind stored() {
        return view.map(each -> new Kind(
                        each.stored(),
                        singular,
                        shortNames,
                        categories,
                        subresources,
                        traits,
                        rules,
                        printer,
                        fields,
                        deletion,
                        Optional.empty()))
                .orElse(this);
    }

    /// A stored object in this kind's form.
    public ObjectNode show(ObjectNode stored) {
        return view.map(each -> each.show(stored)).orElse(stored);
    }

    /// An object of this kind as it is stored.
    public ObjectNode store(ObjectNode shown) {
        return view.map(each -> each.store(shown)).orElse(shown);
    }

    /// What may be done with its objects, in the order of discovery.
    public List<String> verbs() {
        boolean all = !has(Trait.NO_DELETE_COLLECTION);
        return VERBS.stream()
                .filter(verb -> all || !verb.equals("deletecollection"))
                .toList();
    }

    public boolean has(Subresource subresource) {
        return subresources.contains(subresource);
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /// The object's value of a selectable field; empty when the kind does not offer the field.
    public Optional<String> field(ObjectNode object, String path) {
        return switch (path) {
            case "metadata.name" -> Optional.of(Meta.name(object));
            case "metadata.namespace" ->
                resource.namespaced() ? Optional.of(Meta.namespace(object)) : Optional.<String>empty();
            default ->
                fields.stream().filter(f -> f.path().equals(path)).findFirst().map(f -> f.read(object));
        };
    }

    /// A field that `fieldSelector` may name.
    ///
    /// @param reader gives the field's text in a stored object
    public record SelectableField(String path, Reader reader) {

        /// Reads one field.
        public interface Reader {
            String read(ObjectNode object);
        }

        /// A field found by following its path.
        public static SelectableField of(String path) {
            return of(path, "");
        }

        /// @param absent what an absent field counts as
        public static SelectableField of(String path, String absent) {
            String[] steps = path.split("\\.");
            return new SelectableField(path, object -> {
                var found = Tree.at(object, steps);
                return found.isMissingNode() || found.isContainer() ? absent : found.asString();
            });
        }

        String read(ObjectNode object) {
            return reader.read(object);
        }
    }
}
