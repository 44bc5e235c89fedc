package dev.fairway.scenarios;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Java file read as plain text, well enough to count what a reader counts.
///
/// @param path from the repository's root: `room/src/main/java/...`
record JavaSource(String path, String text) {

    /// @param line where its body begins
    record Function(int line, int length) {}

    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|record|enum)\\s+([A-Z]\\w*)");
    private static final Pattern FUNCTION = Pattern.compile("(?s).*\\)\\s*(?:throws\\s[\\w.,\\s]+)?");
    private static final Pattern NO_FUNCTION =
            Pattern.compile("(?s).*\\b(?:class|interface|record|enum|new)\\b.*|\\s*(?:if|for|while|switch|catch)\\b.*");
    /// Text blocks, texts, characters, and both kinds of comments.
    private static final Pattern NO_CODE = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'|//[^\\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    String room() {
        return path.substring(0, path.indexOf('/'));
    }

    boolean isMain() {
        return path.contains("/src/main/");
    }

    List<String> lines() {
        return text.lines().toList();
    }

    /// The text with everything blanked that is no code; every line stays where it is.
    String code() {
        Matcher matcher = NO_CODE.matcher(text);
        return matcher.replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
    }

    List<String> typeNames() {
        List<String> names = new ArrayList<>();
        Matcher matcher = TYPE.matcher(code());
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    /// Every function with its length in lines, from the line of its opening brace to that of its closing one.
    List<Function> functions() {
        List<Function> functions = new ArrayList<>();
        Deque<Integer> opened = new ArrayDeque<>();
        String code = code();
        int line = 1;
        int header = 0;
        for (int i = 0; i < code.length(); i++) {
            switch (code.charAt(i)) {
                case '\n' -> line++;
                case ';' -> header = i + 1;
                case '{' -> {
                    opened.push(isFunction(code.substring(header, i)) ? line : 0);
                    header = i + 1;
                }
                case '}' -> {
                    int start = opened.isEmpty() ? 0 : opened.pop();
                    if (start > 0) {
                        functions.add(new Function(start, line - start + 1));
                    }
                    header = i + 1;
                }
                default -> {}
            }
        }
        return functions;
    }

    private static boolean isFunction(String header) {
        return FUNCTION.matcher(header).matches()
                && !NO_FUNCTION.matcher(header).matches();
    }
}
