package dev.fairway.api.security.token;

import dev.fairway.api.security.SecretFile;
import dev.fairway.schema.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Signs and verifies tokens (JSON Web Tokens, RFC 7519) with keys of one algorithm. A token names its key; the
/// algorithm is the key's and never the token's, so that no token can choose a weaker one.
///
/// The newest key signs; older ones beside it, `sa-*.key`, still verify.
public final class TokenKeys {

    private static final String NAME = "sa.key";
    private static final int VERIFIED_MAX = 2_000;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

    private final SigningKey signer;
    private final List<SigningKey> all;

    /// Claims by token: a signature is costly to check and stays what it is. The claims are judged anew each time.
    private final Map<String, ObjectNode> verified = new ConcurrentHashMap<>();

    private TokenKeys(SigningKey signer, List<SigningKey> all) {
        this.signer = signer;
        this.all = List.copyOf(all);
    }

    /// Reads the keys from the folder, or makes one there.
    ///
    /// @throws IOException naming the file that cannot be read or written
    public static TokenKeys open(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            SecretFile.write(file, SigningKey.generate().toText());
        }
        SigningKey signer = read(file);
        List<SigningKey> all = new ArrayList<>(List.of(signer));
        try (var older = Files.newDirectoryStream(folder, "sa-*.key")) {
            for (Path old : older) {
                all.add(read(old));
            }
        }
        return new TokenKeys(signer, all);
    }

    private static SigningKey read(Path file) throws IOException {
        try {
            return SigningKey.parse(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(
                    "cannot read the token key " + file + ": " + e.getMessage()
                            + "; delete it to make a new one, which ends all tokens",
                    e);
        }
    }

    /// The compact form of a token with these claims.
    String sign(ObjectNode claims) {
        ObjectNode header = Json.object().put("alg", "ES256").put("kid", signer.id());
        String text = part(header) + "." + part(claims);
        return text + "." + ENCODER.encodeToString(signer.sign(text));
    }

    private static String part(ObjectNode tree) {
        return ENCODER.encodeToString(Json.toBytes(tree));
    }

    /// The claims of a token that one of our keys has signed; empty for any other text.
    Optional<ObjectNode> verify(String token) {
        ObjectNode known = verified.get(token);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<ObjectNode> claims = check(token);
        if (verified.size() >= VERIFIED_MAX) {
            verified.clear();
        }
        claims.ifPresent(found -> verified.put(token, found));
        return claims;
    }

    private Optional<ObjectNode> check(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            ObjectNode header = parse(parts[0]);
            if (!header.path("alg").asString("").equals("ES256")) {
                return Optional.empty();
            }
            String id = header.path("kid").asString("");
            byte[] seal = DECODER.decode(parts[2]);
            boolean ours =
                    all.stream().anyMatch(key -> key.id().equals(id) && key.verify(parts[0] + "." + parts[1], seal));
            return ours ? Optional.of(parse(parts[1])) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ObjectNode parse(String part) {
        return Json.parse(new String(DECODER.decode(part), StandardCharsets.UTF_8));
    }

    /// The key set (RFC 7517) with which others verify our tokens.
    public ObjectNode keySet() {
        ObjectNode out = Json.object();
        ArrayNode keys = out.putArray("keys");
        all.forEach(key -> key.jwk().ifPresent(keys::add));
        return out;
    }
}
