package dev.fairway.schema.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Tree;
import dev.fairway.schema.Types;
import dev.fairway.schema.apply.Owner.Operation;
import dev.fairway.schema.patch.MergePatch;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What several managers do to one object, line by line:
///
///     NAME creates | applies | forces | updates | puts JSON      a write; `updates` is a merge patch
///     ! TEXT                                                     the write before is refused with this text
///     object is JSON                                             without its name and owners
///     NAME applied | updated PATHS                               exactly what NAME owns in that way
///     nobody is tracked
///
/// `NAME/status` writes through the status. Each write takes place a second after the one before.
final class Story {

    private final String apiVersion;
    private final String kind;
    private ObjectNode live = Json.object();
    private long second;
    private String refusal = "";

    private Story(String apiVersion, String kind) {
        this.apiVersion = apiVersion;
        this.kind = kind;
    }

    /// @return the object at the end
    static ObjectNode play(String apiVersion, String kind, String text) {
        Story story = new Story(apiVersion, kind);
        for (String line : text.strip().split("\n")) {
            story.step(line.strip());
        }
        assertThat(story.refusal).as("a refusal that the story does not tell").isEmpty();
        return story.live;
    }

    private void step(String line) {
        String[] words = line.split("\\s+", 3);
        if (words[0].equals("!")) {
            assertThat(refusal).isEqualTo(line.substring(2).replace("\\n", "\n"));
            refusal = "";
            return;
        }
        assertThat(refusal).as("before: " + line).isEmpty();
        switch (words[1]) {
            case "is" -> {
                if (words[0].equals("nobody")) {
                    assertThat(live.path("metadata").has("managedFields")).isFalse();
                } else {
                    assertThat(bare(live)).isEqualTo(Json.parse(words[2]));
                }
            }
            case "applied" -> owns(words[0], Operation.APPLY, words.length > 2 ? words[2] : "");
            case "updated" -> owns(words[0], Operation.UPDATE, words.length > 2 ? words[2] : "");
            default -> write(words[0], words[1], Json.parse(words[2]));
        }
    }

    private void write(String who, String how, ObjectNode given) {
        String[] name = who.split("/", 2);
        String subresource = name.length > 1 ? name[1] : "";
        Author author = new Author(name[0], apiVersion, subresource, Instant.ofEpochSecond(++second));
        Tracked tracked =
                new Tracked(Types.of(apiVersion, kind), subresource.isEmpty() ? Set.of("status") : Set.of("spec"));
        try {
            live = perform(tracked, author, how, given);
        } catch (ApiException e) {
            refusal = e.text();
        }
    }

    private ObjectNode perform(Tracked tracked, Author author, String how, ObjectNode given) {
        return switch (how) {
            case "applies" -> stand(ServerSideApply.apply(tracked, live, header(given), author, false));
            case "forces" -> stand(ServerSideApply.apply(tracked, live, header(given), author, true));
            case "creates" -> {
                ObjectNode made = header(given);
                Tracking.create(tracked, made, author);
                yield stand(made);
            }
            case "updates" -> update(tracked, author, MergePatch.apply(live, given));
            case "puts" -> {
                ObjectNode now = stand(header(given));
                yield update(tracked, author, now);
            }
            default -> fail("nobody " + how + " here");
        };
    }

    private ObjectNode update(Tracked tracked, Author author, ObjectNode now) {
        Tracking.update(tracked, live, now, author);
        return now;
    }

    private ObjectNode header(ObjectNode given) {
        ObjectNode out = Json.object().put("apiVersion", apiVersion).put("kind", kind);
        out.setAll(given);
        Tree.makeObject(out, "metadata").put("name", "web");
        return out;
    }

    private static ObjectNode stand(ObjectNode object) {
        Tree.makeObject(object, "metadata").put("uid", "1");
        return object;
    }

    private static ObjectNode bare(ObjectNode object) {
        ObjectNode out = object.deepCopy();
        out.remove(List.of("apiVersion", "kind"));
        ObjectNode meta = Tree.makeObject(out, "metadata");
        meta.remove(List.of("name", "uid", "managedFields"));
        if (meta.isEmpty()) {
            out.remove("metadata");
        }
        return out;
    }

    private void owns(String who, Operation operation, String paths) {
        Set<String> expected = new TreeSet<>(Arrays.asList(paths.split("\\s+")));
        expected.remove("");
        assertThat(new TreeSet<>(fields(live, who, operation).paths()))
                .as(who + " " + operation.text() + " in " + Tree.at(live, "metadata", "managedFields"))
                .isEqualTo(expected);
    }

    static FieldSet fields(ObjectNode object, String who, Operation operation) {
        String[] name = who.split("/", 2);
        String subresource = name.length > 1 ? name[1] : "";
        JsonNode managed = Tree.at(object, "metadata", "managedFields");
        return Owners.read(managed).orElseThrow().entries().stream()
                .filter(entry -> entry.owner().name().equals(name[0])
                        && entry.owner().operation() == operation
                        && entry.owner().subresource().equals(subresource))
                .map(Owners.Entry::fields)
                .reduce(FieldSet.EMPTY, FieldSet::union);
    }

    static String name(ObjectNode object) {
        return Meta.name(object);
    }
}
