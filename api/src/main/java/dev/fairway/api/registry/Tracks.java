package dev.fairway.api.registry;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Subresource;
import dev.fairway.schema.Types;
import dev.fairway.schema.apply.Author;
import dev.fairway.schema.apply.Tracked;
import java.util.Set;

/// Which fields get owners in a write, and who that owner is.
final class Tracks {

    private Tracks() {}

    static Tracked of(Kind kind, Section section) {
        Set<String> outside = switch (section) {
            case MAIN -> kind.has(Subresource.STATUS) ? Set.of("status") : Set.<String>of();
            case STATUS -> Set.of("spec");
            case FINALIZE -> Set.of("status");
        };
        return new Tracked(
                Types.of(kind.resource().apiVersion(), kind.resource().kind()), outside);
    }

    static Author author(Attempt attempt, Kind kind, Section section, WriteOptions options) {
        String subresource = switch (section) {
            case MAIN -> options.subresource();
            case STATUS -> Subresource.STATUS.path();
            case FINALIZE -> Subresource.FINALIZE.path();
        };
        return new Author(options.manager(), kind.resource().apiVersion(), subresource, attempt.now());
    }
}
