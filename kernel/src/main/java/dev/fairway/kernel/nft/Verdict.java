package dev.fairway.kernel.nft;

/// What becomes of a packet (`enum nft_verdicts`, `NF_DROP`, `NF_ACCEPT`).
public sealed interface Verdict {

    /// A verdict that names no chain.
    enum Plain implements Verdict {
        ACCEPT,
        DROP,
        RETURN
    }

    record Jump(String chain) implements Verdict {}

    record Goto(String chain) implements Verdict {}

    /// The chain that it names, or empty text.
    default String chain() {
        return switch (this) {
            case Plain _ -> "";
            case Jump(String chain) -> chain;
            case Goto(String chain) -> chain;
        };
    }

    default String toText() {
        return switch (this) {
            case Plain.ACCEPT -> "accept";
            case Plain.DROP -> "drop";
            case Plain.RETURN -> "return";
            case Jump(String chain) -> "jump " + chain;
            case Goto(String chain) -> "goto " + chain;
        };
    }

    /// The number in NFTA_VERDICT_CODE.
    default int code() {
        return switch (this) {
            case Plain.ACCEPT -> 1;
            case Plain.DROP -> 0;
            case Plain.RETURN -> -5;
            case Jump(String _) -> -3;
            case Goto(String _) -> -4;
        };
    }

    static Verdict of(int code, String chain) {
        return switch (code) {
            case 1 -> Plain.ACCEPT;
            case 0 -> Plain.DROP;
            case -5 -> Plain.RETURN;
            case -3 -> new Jump(chain);
            case -4 -> new Goto(chain);
            default -> throw new IllegalArgumentException("nftables verdict " + code + " is not known");
        };
    }
}
