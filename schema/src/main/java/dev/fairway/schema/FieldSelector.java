package dev.fairway.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Chooses objects by a few named fields, as in `fieldSelector=spec.nodeName=node-1,status.phase!=Failed`.
///
/// @param terms all of them must hold; none means that everything matches
public record FieldSelector(List<Term> terms) {

    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// @param equal false for `!=`
    public record Term(String field, boolean equal, String value) {}

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /// Reads the text form: terms `a=b`, `a==b`, `a!=b` between commas; `\\`, `\,` and `\=` stand for themselves in
    /// values. Whether a field may be selected by is the server's decision.
    ///
    /// @throws IllegalArgumentException naming the term that is wrong
    public static FieldSelector parse(String text) {
        List<Term> out = new ArrayList<>();
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at < text.length() && text.charAt(at) == '\\') {
                at++;
            } else if (at == text.length() || text.charAt(at) == ',') {
                if (at > from) {
                    out.add(term(text, text.substring(from, at)));
                }
                from = at + 1;
            }
        }
        if (from < text.length()) {
            out.add(term(text, text.substring(from)));
        }
        return new FieldSelector(out);
    }

    private static Term term(String text, String term) {
        int equals = term.indexOf('=');
        if (equals <= 0) {
            throw new IllegalArgumentException("invalid field selector \"" + text + "\": can't understand \"" + term
                    + "\", expected field=value or field!=value");
        }
        boolean equal = term.charAt(equals - 1) != '!';
        String field = term.substring(0, equal ? equals : equals - 1);
        int value = term.startsWith("==", equals) ? equals + 2 : equals + 1;
        return new Term(field, equal, unescape(text, term.substring(value)));
    }

    private static String unescape(String text, String value) {
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (c == '\\') {
                at++;
                if (at == value.length() || "\\,=".indexOf(value.charAt(at)) < 0) {
                    throw new IllegalArgumentException("invalid field selector \"" + text + "\": in value \"" + value
                            + "\" a backslash must be followed by '\\', ',' or '='");
                }
                c = value.charAt(at);
            } else if (c == '=') {
                throw new IllegalArgumentException("invalid field selector \"" + text + "\": '=' in value \"" + value
                        + "\" must be written '\\='");
            }
            out.append(c);
        }
        return out.toString();
    }

    /// @param valueOf gives an object's value of a field, empty text for none
    public boolean matches(Function<String, String> valueOf) {
        for (Term term : terms) {
            if (valueOf.apply(term.field()).equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }

    public String toText() {
        return terms.stream()
                .map(term -> term.field() + (term.equal() ? "=" : "!=") + escape(term.value()))
                .collect(Collectors.joining(","));
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }
}
