package dev.fairway.api.http;

import dev.fairway.api.registry.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// `/healthz`, `/livez` and `/readyz`, in upstream's words: `ok`, or with `?verbose` a line for each check; `?exclude=`
/// leaves checks out; a single check has a path of its own.
///
/// @param live checks by name, each of which says what is wrong or nothing
/// @param ready further checks, for `/readyz` alone
record Health(Map<String, Supplier<Optional<String>>> live, Map<String, Supplier<Optional<String>>> ready) {

    private static final List<String> ROOTS = List.of("/healthz", "/livez", "/readyz");

    /// Whether the path is one of health.
    static boolean has(String path) {
        return ROOTS.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
    }

    Reply answer(Call call, String path) {
        String root = path.split("/")[1];
        Map<String, Supplier<Optional<String>>> checks = new LinkedHashMap<>(live);
        if (root.equals("readyz")) {
            checks.putAll(ready);
        }
        String single = path.substring(root.length() + 1);
        return single.isEmpty() ? all(call, root, checks) : one(single.substring(1), checks);
    }

    private static Reply one(String name, Map<String, Supplier<Optional<String>>> checks) {
        Supplier<Optional<String>> check = checks.get(name);
        if (check == null) {
            throw Refusal.noSuchPath();
        }
        return check.get()
                .map(wrong -> Reply.text(500, "internal server error: " + wrong + "\n"))
                .orElseGet(() -> Reply.text(200, "ok"));
    }

    private static Reply all(Call call, String root, Map<String, Supplier<Optional<String>>> checks) {
        Set<String> excluded = new TreeSet<>(call.query().all("exclude"));
        List<String> lines = new ArrayList<>();
        boolean failed = false;
        for (Map.Entry<String, Supplier<Optional<String>>> check : checks.entrySet()) {
            if (excluded.remove(check.getKey())) {
                lines.add("[+]" + check.getKey() + " excluded: ok");
            } else if (check.getValue().get().isPresent()) {
                // Everybody may read this; why it failed is told only by the check's own path.
                lines.add("[-]" + check.getKey() + " failed: reason withheld");
                failed = true;
            } else {
                lines.add("[+]" + check.getKey() + " ok");
            }
        }
        if (!excluded.isEmpty()) {
            String names = excluded.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(","));
            lines.add("warn: some health checks cannot be excluded: no matches for " + names);
        }
        lines.add(root + (failed ? " check failed" : " check passed"));
        boolean verbose = failed || !call.query().all("verbose").isEmpty();
        return Reply.text(failed ? 500 : 200, verbose ? String.join("\n", lines) + "\n" : "ok");
    }
}
