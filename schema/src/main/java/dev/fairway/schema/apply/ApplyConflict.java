package dev.fairway.schema.apply;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.ApiException.Details;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The refusal to overrule owners, in the words of upstream's `NewConflictError`.
final class ApplyConflict {

    private ApplyConflict() {}

    /// @param conflicts the fields in dispute by their owners; owners without any are left out
    static ApiException of(Map<Owner, FieldSet> conflicts) {
        Map<String, List<String>> byOwner = new TreeMap<>();
        conflicts.forEach((owner, fields) -> {
            if (!fields.isEmpty()) {
                byOwner.computeIfAbsent(owner.toText(), _ -> new ArrayList<>()).addAll(fields.paths());
            }
        });
        List<Cause> causes = new ArrayList<>();
        byOwner.forEach((owner, paths) ->
                paths.forEach(path -> causes.add(new Cause("FieldManagerConflict", "conflict with " + owner, path))));
        return new ApiException(409, "Conflict", message(byOwner, causes), new Details("", "", "", "", causes, 0));
    }

    private static String message(Map<String, List<String>> byOwner, List<Cause> causes) {
        if (causes.size() == 1) {
            Cause only = causes.getFirst();
            return "Apply failed with 1 conflict: " + only.message() + ": " + only.field();
        }
        List<String> lines = new ArrayList<>();
        byOwner.forEach((owner, paths) -> {
            lines.add("conflicts with " + owner + ":");
            paths.forEach(path -> lines.add("- " + path));
        });
        return "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
    }
}
