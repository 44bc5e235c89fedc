package dev.fairway.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A shell session as one would paste it from a terminal, played for real and compared.
///
/// ```
/// # a remark
/// $ kubectl get svc web        a command; `~` in place of `$` tries it again until it fits
/// > | cat                      goes on with the command
/// web  ClusterIP  10.96.…      a line that must come, in this order; `…` is any text, blanks are any blanks
/// ! Error                      a text that must not come
/// exit 1                       the exit code, 0 if not said
/// ```
record Transcript(List<Step> steps) {

    private static final int PATIENCE_SECONDS = 20;
    private static final int TRY_AGAIN_MILLIS = 300;

    record Step(String command, boolean patient, int exitCode, List<String> expected, List<String> absent) {

        void play(Map<String, String> environment) {
            long deadline = System.nanoTime() + (patient ? PATIENCE_SECONDS * 1_000_000_000L : 0);
            Optional<AssertionError> failure = failure(environment);
            while (failure.isPresent() && System.nanoTime() < deadline) {
                pause();
                failure = failure(environment);
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
        }

        private static void pause() {
            try {
                Thread.sleep(TRY_AGAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }

        private Optional<AssertionError> failure(Map<String, String> environment) {
            try {
                check(environment);
                return Optional.empty();
            } catch (AssertionError e) {
                return Optional.of(e);
            }
        }

        private void check(Map<String, String> environment) {
            Run.Result result = Run.command(List.of("bash", "-c", command), environment, "");
            if (result.exitCode() != exitCode) {
                throw new AssertionError("expected exit code " + exitCode + " of\n" + result);
            }
            List<String> lines =
                    (result.out() + result.err()).lines().map(String::strip).toList();
            int from = 0;
            for (String line : expected) {
                int at = find(lines, from, line);
                if (at < 0) {
                    throw new AssertionError("expected the line \"" + line + "\" from\n" + result);
                }
                from = at + 1;
            }
            for (String unwanted : absent) {
                if (lines.stream().anyMatch(line -> line.contains(unwanted))) {
                    throw new AssertionError("expected no \"" + unwanted + "\" from\n" + result);
                }
            }
        }

        private static int find(List<String> lines, int from, String wanted) {
            Pattern pattern = pattern(wanted);
            for (int i = from; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).matches()) {
                    return i;
                }
            }
            return -1;
        }

        private static Pattern pattern(String wanted) {
            String regex = Pattern.quote(wanted.strip())
                    .replaceAll(" +", "\\\\E\\\\s+\\\\Q")
                    .replace("…", "\\E.*\\Q");
            return Pattern.compile(regex);
        }
    }

    static Transcript of(String text) {
        List<Step> steps = new ArrayList<>();
        for (String line : text.lines().filter(Transcript::says).toList()) {
            if (line.startsWith("$ ") || line.startsWith("~ ")) {
                steps.add(new Step(line.substring(2), line.startsWith("~"), 0, List.of(), List.of()));
            } else {
                steps.add(extended(steps.removeLast(), line));
            }
        }
        return new Transcript(List.copyOf(steps));
    }

    private static boolean says(String line) {
        return !line.isBlank() && !line.startsWith("# ");
    }

    private static Step extended(Step step, String line) {
        if (line.startsWith("> ")) {
            String command = step.command + "\n" + line.substring(2);
            return new Step(command, step.patient, step.exitCode, step.expected, step.absent);
        }
        if (line.matches("exit \\d+")) {
            return new Step(
                    step.command, step.patient, Integer.parseInt(line.substring(5)), step.expected, step.absent);
        }
        if (line.startsWith("! ")) {
            return new Step(
                    step.command, step.patient, step.exitCode, step.expected, and(step.absent, line.substring(2)));
        }
        return new Step(step.command, step.patient, step.exitCode, and(step.expected, line), step.absent);
    }

    private static List<String> and(List<String> list, String one) {
        List<String> out = new ArrayList<>(list);
        out.add(one);
        return List.copyOf(out);
    }

    void play(Map<String, String> environment) {
        steps.forEach(step -> step.play(environment));
    }
}
