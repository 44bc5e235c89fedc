package dev.fairway.schema;

import dev.fairway.schema.LabelSelector.Operator;
import dev.fairway.schema.LabelSelector.Requirement;
import java.util.ArrayList;
import java.util.List;

/// The parser of the text form of label selectors: words, the signs `= == != > < ! ( ) ,`, and `in` and `notin` where
/// an operator is expected.
final class LabelSelectorText {

    private static final String SIGNS = "=!<>(),";
    private static final String END = "";

    private final String text;
    private final List<String> tokens;
    private int next;

    private LabelSelectorText(String text) {
        this.text = text;
        this.tokens = tokens(text);
    }

    static LabelSelector parse(String text) {
        LabelSelectorText parser = new LabelSelectorText(text);
        List<Requirement> out = new ArrayList<>();
        while (!parser.peek().equals(END)) {
            out.add(parser.requirement());
            String separator = parser.take();
            if (separator.equals(",") && parser.peek().equals(END)) {
                throw parser.error("a label key after ','");
            }
            if (!separator.equals(",") && !separator.equals(END)) {
                parser.next--;
                throw parser.error("',' or the end");
            }
        }
        return new LabelSelector(out);
    }

    private static List<String> tokens(String text) {
        List<String> out = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int from = at++;
            char c = text.charAt(from);
            if (Character.isWhitespace(c)) {
                continue;
            }
            if (SIGNS.indexOf(c) >= 0) {
                at += (c == '=' || c == '!') && text.startsWith("=", at) ? 1 : 0;
            } else {
                at = wordEnd(text, at);
            }
            out.add(text.substring(from, at));
        }
        return out;
    }

    private static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length() && SIGNS.indexOf(text.charAt(at)) < 0 && !Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : END;
    }

    private String take() {
        String token = peek();
        next++;
        return token;
    }

    private boolean atWord() {
        String token = peek();
        return !token.isEmpty() && SIGNS.indexOf(token.charAt(0)) < 0;
    }

    private Requirement requirement() {
        if (peek().equals("!")) {
            take();
            return new Requirement(key(), Operator.DOES_NOT_EXIST, List.of());
        }
        String key = key();
        String operator = peek();
        return switch (operator) {
            case END, "," -> new Requirement(key, Operator.EXISTS, List.of());
            case "=", "==" -> compared(key, Operator.EQUALS);
            case "!=" -> compared(key, Operator.NOT_EQUALS);
            case ">" -> ordered(key, Operator.GREATER_THAN);
            case "<" -> ordered(key, Operator.LESS_THAN);
            case "in" -> oneOf(key, Operator.IN);
            case "notin" -> oneOf(key, Operator.NOT_IN);
            default -> throw error("one of '=', '==', '!=', 'in', 'notin', '>', '<'");
        };
    }

    private String key() {
        if (!atWord()) {
            throw error("a label key");
        }
        String key = take();
        LabelSyntax.checkKey(key);
        return key;
    }

    private Requirement compared(String key, Operator operator) {
        take();
        String value = atWord() ? take() : "";
        LabelSyntax.checkValue(key, value);
        return new Requirement(key, operator, List.of(value));
    }

    private Requirement ordered(String key, Operator operator) {
        Requirement found = compared(key, operator);
        try {
            Long.parseLong(found.values().getFirst());
            return found;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "label selector \"" + text + "\": \"" + found.values().getFirst()
                            + "\" is no integer, as '>' and '<' need",
                    e);
        }
    }

    private Requirement oneOf(String key, Operator operator) {
        String name = take();
        if (!take().equals("(")) {
            next--;
            throw error("'(' after '" + name + "'");
        }
        if (peek().equals(")")) {
            throw error("at least one value for '" + name + "'");
        }
        List<String> values = new ArrayList<>();
        String separator = ",";
        while (separator.equals(",")) {
            String value = atWord() ? take() : "";
            LabelSyntax.checkValue(key, value);
            values.add(value);
            separator = take();
        }
        if (!separator.equals(")")) {
            next--;
            throw error("',' or ')'");
        }
        return new Requirement(key, operator, values);
    }

    private IllegalArgumentException error(String expected) {
        String found = peek().equals(END) ? "the end" : "'" + peek() + "'";
        return new IllegalArgumentException(
                "unable to parse label selector \"" + text + "\": found " + found + ", expected " + expected);
    }
}
