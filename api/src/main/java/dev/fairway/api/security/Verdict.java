package dev.fairway.api.security;

/// Whether a user may do something, and why. Nothing is ever denied outright: what nobody allows is refused.
///
/// @param reason which grant allows it, or what speaks against it; may be empty
public record Verdict(boolean allowed, String reason) {

    /// No grant is known.
    public static final Verdict NONE = new Verdict(false, "");

    public static Verdict allow(String reason) {
        return new Verdict(true, reason);
    }

    public static Verdict refuse(String reason) {
        return new Verdict(false, reason);
    }
}
