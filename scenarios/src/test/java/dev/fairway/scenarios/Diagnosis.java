package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What `fairway doctor` found, by the ids of its checks.
record Diagnosis(Map<String, ObjectNode> checks) {

    /// @param exitCode that is expected
    static Diagnosis of(Run.Result result, int exitCode) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        Map<String, ObjectNode> out = new TreeMap<>();
        for (ObjectNode check : Tree.objects(Json.parse(result.out()), "checks")) {
            out.put(Tree.text(check, "id"), check);
        }
        return new Diagnosis(out);
    }

    Map<String, String> results() {
        Map<String, String> out = new TreeMap<>();
        checks.forEach((id, check) -> out.put(id, Tree.text(check, "result")));
        return out;
    }

    List<String> failed() {
        return results().entrySet().stream()
                .filter(each -> each.getValue().equals("failed"))
                .map(Map.Entry::getKey)
                .toList();
    }

    List<String> evidence(String id) {
        return Tree.texts(check(id), "evidence");
    }

    /// The command to start with.
    String fix(String id) {
        return Tree.text(check(id), "fix");
    }

    private ObjectNode check(String id) {
        assertThat(checks).containsKey(id);
        return checks.get(id);
    }
}
