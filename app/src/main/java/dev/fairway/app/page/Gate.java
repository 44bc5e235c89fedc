package dev.fairway.app.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;

/// Who may see the page: whoever brought the token once, and calls this machine by its own name.
///
/// @param token what the state folder holds
/// @param port part of the cookie's name, since a browser sends cookies to all ports of a host
record Gate(String token, int port) {

    /// A page elsewhere can lead its own name to 127.0.0.1 (DNS rebinding); then the browser sends that name.
    private static final Set<String> OWN_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    enum Verdict {
        WELCOME,
        /// The token came in the URL: set the cookie and lead to the URL without it.
        LOGGED_IN,
        WRONG_TOKEN,
        NO_LOGIN,
        WRONG_HOST
    }

    /// @param host the header `Host`, empty without one
    /// @param cookies the header `Cookie`, empty without one
    /// @param given the token in the URL, empty without one
    Verdict judge(String host, String cookies, String given) {
        if (!OWN_NAMES.contains(host.replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT))) {
            return Verdict.WRONG_HOST;
        }
        if (!given.isEmpty()) {
            return isToken(given) ? Verdict.LOGGED_IN : Verdict.WRONG_TOKEN;
        }
        for (String cookie : cookies.split(";")) {
            String text = cookie.strip();
            if (text.startsWith(cookieName() + "=")
                    && isToken(text.substring(cookieName().length() + 1))) {
                return Verdict.WELCOME;
            }
        }
        return Verdict.NO_LOGIN;
    }

    private boolean isToken(String text) {
        return MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private String cookieName() {
        return "fairway-" + port;
    }

    String cookie() {
        return cookieName() + "=" + token + "; Path=/; HttpOnly; SameSite=Strict";
    }
}
