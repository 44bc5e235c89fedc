package dev.fairway.api.http;

import dev.fairway.api.security.ClientCertificates;
import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens.Verified;
import dev.fairway.api.security.token.TokenAuthenticator;
import dev.fairway.schema.ApiException;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Finds out who sends a request: by client certificate, else by bearer token. Without either it is nobody; with one
/// that is wrong it is refused, health checks included.
final class Credentials {

    private static final String BEARER = "bearer ";

    private final ClientCertificates certificates;
    private final TokenAuthenticator tokens;

    Credentials(ClientCertificates certificates, TokenAuthenticator tokens) {
        this.certificates = certificates;
        this.tokens = tokens;
    }

    /// @throws ApiException 401 when the credentials are wrong
    User user(HttpServerRequest request) {
        Optional<SSLSession> session = Optional.ofNullable(request.sslSession()).filter(Credentials::hasCertificate);
        Optional<User> holder = session.flatMap(certificates::user);
        if (holder.isPresent()) {
            return holder.get();
        }
        Optional<String> token = token(request.getHeader("Authorization"));
        if (token.isPresent()) {
            return tokens.verify(token.get(), List.of()).map(Verified::user).orElseThrow(Credentials::refuse);
        }
        if (session.isPresent()) {
            throw refuse();
        }
        return User.ANONYMOUS;
    }

    private static ApiException refuse() {
        return new ApiException(401, "Unauthorized", "Unauthorized");
    }

    /// Whether a request says at all who sends it: nobody else may send much.
    static boolean areGiven(HttpServerRequest request) {
        return request.getHeader("Authorization") != null
                || Optional.ofNullable(request.sslSession())
                        .filter(Credentials::hasCertificate)
                        .isPresent();
    }

    private static boolean hasCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private static Optional<String> token(@org.jspecify.annotations.Nullable String header) {
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.empty();
        }
        return Optional.of(header.substring(BEARER.length()).strip()).filter(token -> !token.isEmpty());
    }
}
