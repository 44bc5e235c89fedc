package dev.fairway.kernel.nft;

import java.util.List;
import java.util.stream.Collectors;

/// A rule: statements that are run in order until one does not match.
///
/// @param purpose a few words for the reader of `nft list ruleset`
public record Rule(String purpose, List<Expr> exprs) {

    public Rule {
        exprs = List.copyOf(exprs);
    }

    public static Rule of(String purpose, Expr... exprs) {
        return new Rule(purpose, List.of(exprs));
    }

    /// The comment that the kernel keeps: the purpose, and a fingerprint of the statements by which a restarted program
    /// knows its own rules again without decoding them.
    public String comment() {
        return purpose + " #%08x".formatted(statements().hashCode());
    }

    private String statements() {
        return exprs.stream().map(Expr::toText).collect(Collectors.joining(" "));
    }

    public String toText() {
        return statements() + " comment \"" + comment() + "\"";
    }
}
