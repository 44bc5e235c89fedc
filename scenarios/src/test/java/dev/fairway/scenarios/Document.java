package dev.fairway.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of the repository, read in pieces.
///
/// @param path within the repository
record Document(String path, String text) {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)]*)?\\)");
    private static final String HERE_DOCUMENT = "<<'EOF'";

    static List<Document> all(Repository repository) {
        return repository.files().stream()
                .filter(path -> path.endsWith(".md"))
                .sorted()
                .map(path -> new Document(path, repository.read(path)))
                .toList();
    }

    static Document of(Repository repository, String path) {
        return new Document(path, repository.read(path));
    }

    /// The lines of fenced blocks of one language.
    List<String> block(String language) {
        List<String> lines = new ArrayList<>();
        String open = "";
        for (String line : text.lines().toList()) {
            if (line.startsWith("```")) {
                open = open.isEmpty() ? line : "";
            } else if (open.equals("```" + language)) {
                lines.add(line);
            }
        }
        return lines;
    }

    /// The text without fenced blocks.
    String prose() {
        return text.replaceAll("(?ms)^```.*?^```$", "");
    }

    long titles() {
        return prose().lines().filter(line -> line.startsWith("# ")).count();
    }

    /// Targets of links within the repository, relative to the file.
    Stream<String> links() {
        Matcher matcher = LINK.matcher(prose());
        return matcher.results().map(match -> match.group(1)).filter(target -> !target.contains("://"));
    }

    /// What a reader is asked to type: lines of `console` blocks, each with the here document that belongs to it.
    List<String> commands() {
        List<String> commands = new ArrayList<>();
        boolean inside = false;
        for (String line : block("console")) {
            if (inside) {
                commands.add(commands.removeLast() + "\n" + line);
                inside = !line.equals("EOF");
            } else if (!line.isBlank()) {
                commands.add(line);
                inside = line.contains(HERE_DOCUMENT);
            }
        }
        return commands;
    }
}
