package dev.fairway.api.security.token;

import dev.fairway.api.security.User;
import dev.fairway.api.security.token.ServiceAccountTokens.Verified;
import java.util.List;
import java.util.Optional;

/// Who holds a bearer token: somebody of the token file, or a ServiceAccount.
public record TokenAuthenticator(StaticTokens fromFile, ServiceAccountTokens accounts) {

    /// @param audiences for whom the token must be; empty for this server itself
    public Optional<Verified> verify(String token, List<String> audiences) {
        Optional<User> known = fromFile.verify(token);
        return known.isPresent()
                ? Optional.of(new Verified(known.get(), audiences.isEmpty() ? accounts.audiences() : audiences))
                : accounts.verify(token, audiences);
    }
}
