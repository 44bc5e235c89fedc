package dev.fairway.api.http;

import dev.fairway.api.security.User;
import dev.fairway.schema.ApiException;
import io.vertx.core.http.HttpServerRequest;

/// What stands behind a server's sockets: who comes in, and what they are answered.
interface Entrance {

    /// @throws ApiException 401 when the credentials are wrong
    User user(HttpServerRequest request);

    /// Answers the request and hands the answer to `sender`.
    void pass(Call call, Sender sender) throws InterruptedException;

    /// Called every few seconds.
    void sweep();

    /// Returns when the answer is sent, or on its way.
    @FunctionalInterface
    interface Sender {
        void send(Reply reply) throws InterruptedException;
    }
}
