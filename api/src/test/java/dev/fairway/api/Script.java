package dev.fairway.api;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A session with kubectl as text: `$ kubectl ...` lines, each followed by what it must print on stdout and stderr.
/// Runs of spaces count as one; `*` stands for anything within a line, a line `...` for any lines. Lines `< text` in
/// front of the output go to the command's standard input.
final class Script {

    private Script() {}

    private record Step(String command, String input, List<String> expected) {}

    static void play(Cluster cluster, String text) throws IOException, InterruptedException {
        StringBuilder played = new StringBuilder();
        for (Step step : parse(text)) {
            Ran ran = run(cluster, step);
            played.append("$ ").append(step.command).append('\n').append(ran.all());
            String actual = ran.all().strip();
            if (!pattern(step.expected).matcher(squeeze(actual)).matches()) {
                fail(
                        "session so far:\n%s\nexpected of the last command:\n%s",
                        played, String.join("\n", step.expected));
            }
        }
    }

    private static Ran run(Cluster cluster, Step step) throws IOException, InterruptedException {
        List<String> words = words(step.command);
        return cluster.kubectlWith(step.input, words.subList(1, words.size()).toArray(String[]::new));
    }

    private static List<Step> parse(String text) {
        List<Step> steps = new ArrayList<>();
        for (String line : text.strip().split("\n")) {
            if (line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), "", new ArrayList<>()));
            } else if (line.startsWith("< ")) {
                Step last = steps.removeLast();
                steps.add(new Step(last.command, last.input + line.substring(2) + "\n", last.expected));
            } else if (!line.isBlank()) {
                steps.getLast().expected.add(line.strip());
            }
        }
        return steps;
    }

    /// Splits at spaces; single quotes keep them.
    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        var matcher = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    private static String squeeze(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty())
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }

    private static Pattern pattern(List<String> lines) {
        StringBuilder out = new StringBuilder();
        for (String line : lines) {
            if (!out.isEmpty()) {
                out.append("\n");
            }
            out.append(line.equals("...") ? "(?s:.*)" : glob(line));
        }
        return Pattern.compile(out.toString());
    }

    private static String glob(String line) {
        StringBuilder out = new StringBuilder();
        for (String part : line.replaceAll("\\s+", " ").split("\\*", -1)) {
            out.append(out.isEmpty() ? "" : ".*").append(part.isEmpty() ? "" : Pattern.quote(part));
        }
        return line.startsWith("*") ? ".*" + out : out.toString();
    }
}
