package dev.fairway.api.http;

import dev.fairway.api.kind.Causes;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.schema.Resource;
import dev.fairway.schema.patch.PatchKind;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The parameters that every write may have: `dryRun`, `fieldManager`, `fieldValidation`, and `force` for
/// server-side apply. A wrong one is refused as an invalid object of options, as upstream does.
final class WriteParameters {

    private static final int MANAGER_BYTES_MAX = 128;
    private static final List<String> VALIDATIONS = List.of("Ignore", "Strict", "Warn");

    private WriteParameters() {}

    static WriteOptions read(Call call) {
        return read(call, call.query().all("dryRun"));
    }

    /// @param dryRun in place of the parameters, from a body of options
    static WriteOptions read(Call call, List<String> dryRun) {
        Causes causes = new Causes();
        String manager = call.query().text("fieldManager");
        checkApply(call, causes, manager);
        checkManager(causes, manager);
        List<String> asked = dryRun.stream().filter(value -> !value.isEmpty()).toList();
        if (!List.of("All").containsAll(asked)) {
            causes.unsupported("dryRun", asked, List.of("All"));
        }
        String validation = call.query().text("fieldValidation");
        if (!validation.isEmpty() && !VALIDATIONS.contains(validation)) {
            causes.unsupported("fieldValidation", validation, VALIDATIONS);
        }
        if (!causes.isEmpty()) {
            throw Causes.refusal(options(call), "", causes.list());
        }
        return new WriteOptions(!asked.isEmpty(), call.user(), manager.isEmpty() ? agent(call) : manager);
    }

    static boolean isApply(Call call) {
        return PatchKind.ofMediaType(call.header("Content-Type"))
                .filter(kind -> kind == PatchKind.APPLY)
                .isPresent();
    }

    private static Resource options(Call call) {
        String kind = switch (call.method()) {
            case "POST" -> "CreateOptions";
            case "PUT" -> "UpdateOptions";
            case "PATCH" -> "PatchOptions";
            default -> "DeleteOptions";
        };
        return new Resource("meta.k8s.io", "v1", "", kind, false);
    }

    private static void checkApply(Call call, Causes causes, String manager) {
        if (!call.method().equals("PATCH")) {
            return;
        }
        if (isApply(call) && manager.isEmpty()) {
            causes.required("fieldManager", "is required for apply patch");
        }
        if (!isApply(call) && call.query().optionalFlag("force").isPresent()) {
            causes.forbidden("force", "may not be specified for non-apply patch");
        }
    }

    private static void checkManager(Causes causes, String manager) {
        if (manager.getBytes(StandardCharsets.UTF_8).length > MANAGER_BYTES_MAX) {
            causes.tooLong("fieldManager", MANAGER_BYTES_MAX);
        }
        if (!manager.chars().allMatch(WriteParameters::isPrintable)) {
            causes.invalid("fieldManager", manager, "should only contain printable characters");
        }
    }

    private static boolean isPrintable(int c) {
        return !Character.isISOControl(c) && (c == ' ' || !Character.isWhitespace(c)) && Character.isDefined(c);
    }

    /// The name in front of the version in `User-Agent: kubectl/v1.33.1 ...`.
    private static String agent(Call call) {
        StringBuilder out = new StringBuilder();
        String name = call.header("User-Agent").split("/", 2)[0];
        name.codePoints()
                .filter(WriteParameters::isPrintable)
                .limit(MANAGER_BYTES_MAX)
                .forEach(out::appendCodePoint);
        return out.isEmpty() ? "unknown" : out.toString();
    }
}
