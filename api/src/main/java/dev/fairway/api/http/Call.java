package dev.fairway.api.http;

import dev.fairway.api.security.User;
import java.util.function.UnaryOperator;

/// One request, free of the HTTP library.
///
/// @param path percent-encoded, without the query
/// @param headers a header's value by its name; empty when absent
record Call(
        String method, String path, Target target, Query query, UnaryOperator<String> headers, byte[] body, User user) {

    String header(String name) {
        return headers.apply(name);
    }

    String accept() {
        return header("Accept");
    }

    boolean wantsWebSocket() {
        return header("Upgrade").equalsIgnoreCase("websocket");
    }

    boolean wantsSpdy() {
        return header("Upgrade").equalsIgnoreCase("SPDY/3.1");
    }
}
