package dev.fairway.api.http;

import dev.fairway.api.security.User;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// One request, free of the HTTP library.
///
/// @param path percent-encoded, without the query
/// @param headers a header's value by its name; empty when absent
/// @param user as whom it is answered
record Call(
        String method,
        String path,
        Target target,
        Query query,
        UnaryOperator<String> headers,
        byte[] body,
        User user,
        Origin origin) {

    /// Where a request came from.
    ///
    /// @param uri path and query as they were sent
    /// @param real who sent it, when that is not `user`
    /// @param auditId by which it is found in the audit log
    record Origin(
            String uri,
            String address,
            Optional<User> real,
            String auditId,
            Instant received,
            Iterable<Map.Entry<String, String>> allHeaders) {}

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

    /// The same request, answered as to somebody else.
    Call as(User other) {
        Origin from = new Origin(
                origin.uri, origin.address, Optional.of(user), origin.auditId, origin.received, origin.allHeaders);
        return new Call(method, path, target, query, headers, body, other, from);
    }
}
