package dev.fairway.picture.explain;

import dev.fairway.schema.ObjectKey;
import java.util.List;

/// Something that is wrong with a Service.
///
/// @param sentence what is wrong
/// @param evidence the facts that say so
/// @param fix a command to start with
public record Finding(Code code, ObjectKey service, String sentence, List<String> evidence, String fix) {

    public Finding {
        evidence = List.copyOf(evidence);
    }
}
