package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.app.config.ConfigReader;
import dev.fairway.app.config.Defaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The documents are true: their commands work, their links lead somewhere, their tables are complete.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("first lane")
class DocsTest {

    private static final Repository REPOSITORY = Repository.find();
    private static final List<Document> DOCUMENTS = Document.all(REPOSITORY);

    /// What the test itself does before and after.
    private static final Pattern NOT_HERE = Pattern.compile("\\./fairway down.*|\\./dev .*");

    /// A reader types more slowly than a Service takes to be everywhere: questions are asked again for a while.
    private static final Pattern QUESTION = Pattern.compile("\\b(curl|dig)\\b");

    private static final String ATTEMPT = """
        set -u -o pipefail
        attempt() {
            tries=$1
            until eval "$2"; do
                tries=$((tries - 1))
                [ "$tries" -gt 0 ] || { echo "this failed: $2" >&2; exit 1; }
                sleep 0.5
            done
        }
        """;

    @Test
    void everyCommandOfTheDocumentsWorks() {
        try (Cluster cluster = Cluster.startedWithDefaults("fwtdocs")) {
            for (Document document : DOCUMENTS) {
                List<String> commands = document.commands().stream()
                        .filter(command -> !NOT_HERE.matcher(command).matches())
                        .toList();
                if (!commands.isEmpty()) {
                    Run.Result result = cluster.shell(script(commands));
                    assertThat(result.succeeded())
                            .as(document.path() + "\n" + result)
                            .isTrue();
                    cluster.kubectl("delete", "deployments,services,pods", "--all")
                            .ok();
                }
            }
        }
    }

    private static String script(List<String> commands) {
        return ATTEMPT
                + commands.stream()
                        .map(command -> "attempt " + (QUESTION.matcher(command).find() ? 20 : 1) + " '"
                                + command.replace("'", "'\\''") + "'\n")
                        .collect(Collectors.joining());
    }

    @Test
    void thereAreCommandsToCheck() {
        assertThat(DOCUMENTS)
                .filteredOn(document -> document.commands().size() > 5)
                .extracting(Document::path)
                .contains("README.md", "docs/tutorial/the-article-step-by-step.md");
    }

    @Test
    void everyLinkLeadsSomewhere() {
        assertThat(DOCUMENTS.stream()
                        .flatMap(document -> document.links()
                                .filter(link -> !Files.exists(target(document, link)))
                                .map(link -> document.path() + " links to " + link)))
                .isEmpty();
    }

    private static Path target(Document document, String link) {
        return REPOSITORY.root().resolve(document.path()).resolveSibling(link).normalize();
    }

    @Test
    void everyDocumentHasOneTitleAndIsInTheIndex() {
        Document index = Document.of(REPOSITORY, "docs/README.md");
        Set<Path> listed = index.links().map(link -> target(index, link)).collect(Collectors.toSet());
        assertThat(DOCUMENTS).allSatisfy(document -> {
            assertThat(document.titles()).as(document.path()).isEqualTo(1);
            if (document.path().startsWith("docs/") && !document.equals(index)) {
                assertThat(listed).contains(REPOSITORY.root().resolve(document.path()));
            }
        });
    }

    @Test
    void theArchitectureNamesTypesThatExist() {
        Set<String> files = REPOSITORY.files().stream()
                .map(path -> path.substring(path.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
        Set<String> types = matches(
                "`(?:[a-z]+/)*([A-Z][a-z]\\w+)`",
                Document.of(REPOSITORY, "ARCHITECTURE.md").prose());
        types.remove("Ready"); // a pod's condition
        assertThat(types).hasSizeGreaterThan(50).allMatch(type -> files.contains(type + ".java"));
    }

    @Test
    void everySettingIsExplained() {
        String folder = "app/src/main/java/dev/fairway/app/config/";
        String reader = REPOSITORY.read(folder + "ConfigReader.java") + REPOSITORY.read(folder + "ImageSettings.java");
        Set<String> read = matches("\\.(?:\\w+)\\(\"(\\w+)\"", reader);
        String text = REPOSITORY.read("docs/reference/settings.md");
        Set<String> explained = matches("(?m)^\\| `([\\w.\\[\\]]+)` \\|", text).stream()
                .flatMap(field -> Stream.of(field.split("\\[?\\]?\\.")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(read).hasSizeGreaterThan(20);
        assertThat(explained).isEqualTo(read);
    }

    @Test
    void theDefaultSettingsAreTheDefaults() {
        String yaml = String.join(
                "\n", Document.of(REPOSITORY, "docs/reference/settings.md").block("yaml"));
        assertThat(ConfigReader.parse(yaml, "settings.md")).isEqualTo(Defaults.config(Defaults.NODE_COUNT));
    }

    @Test
    void everyOptionIsExplained() {
        Set<String> options = new TreeSet<>();
        List<String> cluster =
                List.of("up", "down", "status", "server", "backup", "restore", "certificates", "node", "trace");
        List<String> others = List.of("kubeconfig", "outside", "draw", "explain", "doctor", "demo", "completion");
        for (String command : Stream.concat(cluster.stream(), others.stream()).toList()) {
            options.addAll(
                    matches("(--[a-z]+)", Cluster.fairway(command, "--help").ok()));
        }
        options.removeAll(Set.of("--help", "--version"));
        Set<String> explained = matches("(--[a-z]+)", REPOSITORY.read("docs/reference/command-line.md"));
        assertThat(explained).isEqualTo(options);
    }

    private static Set<String> matches(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
