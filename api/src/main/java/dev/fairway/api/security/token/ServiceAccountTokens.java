package dev.fairway.api.security.token;

import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.User;
import dev.fairway.api.security.node.NodeAuthorizer;
import dev.fairway.api.security.token.TokenClaims.Bound;
import dev.fairway.api.security.token.TokenClaims.Ref;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.ApiException.Details;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Issues tokens to ServiceAccounts (TokenRequest) and publishes how others verify them (OpenID Connect discovery).
public final class ServiceAccountTokens {

    private static final long SECONDS_MIN = 600;
    private static final long SECONDS_MAX = 1L << 32;
    private static final long SECONDS_USUAL = 3600;

    /// Tokens that pods got without asking (see `ServiceAccountAdmission`) hold a year, for programs that read the file
    /// only once; `warnafter` says when a good one reads it again (upstream's numbers).
    private static final long SECONDS_OF_PODS = 3607;

    private static final Duration EXTENDED = Duration.ofDays(365);

    private final TokenKeys keys;
    private final String issuer;
    private final List<String> audiences;
    private final ObjectLookup objects;
    private final InstantSource clock;

    /// @param issuer the address that tokens name as theirs
    /// @param audiences for whom a token is when the request does not say
    public ServiceAccountTokens(
            TokenKeys keys, String issuer, List<String> audiences, ObjectLookup objects, InstantSource clock) {
        this.keys = keys;
        this.issuer = issuer;
        this.audiences = List.copyOf(audiences);
        this.objects = objects;
        this.clock = clock;
    }

    /// Answers a `TokenRequest` for an account.
    ///
    /// @param asker a node may ask for tokens of its own pods only
    /// @throws ApiException when the account or the bound object is missing, or the request is wrong
    public ObjectNode answer(User asker, String namespace, String name, ObjectNode request) {
        long seconds = Tree.number(request, SECONDS_USUAL, "spec", "expirationSeconds");
        refuseSpan(seconds);
        ObjectNode account = objects.find(Resource.SERVICE_ACCOUNTS, namespace, name)
                .orElseThrow(() -> Refusal.notFound(Resource.SERVICE_ACCOUNTS, name));
        Optional<Binding> binding = binding(namespace, name, request);
        NodeAuthorizer.nodeOf(asker).ifPresent(node -> refuseForeign(node, name, binding));
        List<String> asked = Tree.texts(request, "spec", "audiences");
        TokenClaims claims = claims(account, binding, asked.isEmpty() ? audiences : asked, seconds);
        return answered(account, request, claims, seconds);
    }

    private static void refuseSpan(long seconds) {
        String path = "spec.expirationSeconds";
        String why = seconds < SECONDS_MIN
                ? "may not specify a duration less than 10 minutes"
                : seconds > SECONDS_MAX ? "may not specify a duration larger than 2^32 seconds" : "";
        if (!why.isEmpty()) {
            String text = "Invalid value: " + seconds + ": " + why;
            Cause cause = new Cause("FieldValueInvalid", text, path);
            Details details = new Details("authentication.k8s.io", "TokenRequest", "", "", List.of(cause), 0);
            throw new ApiException(
                    422,
                    "Invalid",
                    "TokenRequest.authentication.k8s.io \"\" is invalid: " + path + ": " + text,
                    details);
        }
    }

    /// @param node where the bound pod runs
    private record Binding(Bound bound, Optional<Ref> node) {}

    private Optional<Binding> binding(String namespace, String account, ObjectNode request) {
        if (!Tree.has(request, "spec", "boundObjectRef")) {
            return Optional.empty();
        }
        ObjectNode ref = Tree.makeObject(request, "spec", "boundObjectRef");
        String name = Tree.text(ref, "name");
        String kind = Tree.text(ref, "kind");
        Binding binding = switch (Tree.text(ref, "apiVersion") + " " + kind) {
            case "v1 Pod" -> pod(namespace, account, name);
            case "v1 Secret" ->
                new Binding(new Bound("secret", ref(Resource.SECRETS, namespace, name)), Optional.empty());
            case "v1 Node" -> new Binding(new Bound("node", ref(Resource.NODES, "", name)), Optional.empty());
            default ->
                throw Refusal.badRequest(
                        "cannot bind token to object of type " + Tree.text(ref, "apiVersion") + ", Kind=" + kind);
        };
        String uid = Tree.text(ref, "uid");
        String actual = binding.bound.ref().uid();
        if (!uid.isEmpty() && !uid.equals(actual)) {
            throw Refusal.conflict(
                    new Resource("", "v1", kind, kind, true),
                    name,
                    "the UID in the bound object reference (" + uid + ") does not match the UID in record. "
                            + "The object might have been deleted and then recreated");
        }
        return Optional.of(binding);
    }

    private Binding pod(String namespace, String account, String name) {
        ObjectNode pod =
                objects.find(Resource.PODS, namespace, name).orElseThrow(() -> Refusal.notFound(Resource.PODS, name));
        if (!Tree.text(pod, "spec", "serviceAccountName").equals(account)) {
            throw Refusal.badRequest("cannot bind token for serviceaccount \"" + account
                    + "\" to pod running with different serviceaccount name.");
        }
        String node = Tree.text(pod, "spec", "nodeName");
        Optional<Ref> where = node.isEmpty()
                ? Optional.empty()
                : Optional.of(new Ref(
                        node,
                        objects.find(Resource.NODES, "", node).map(Meta::uid).orElse("")));
        return new Binding(new Bound("pod", new Ref(name, Meta.uid(pod))), where);
    }

    private Ref ref(Resource resource, String namespace, String name) {
        ObjectNode found = objects.find(resource, namespace, name).orElseThrow(() -> Refusal.notFound(resource, name));
        return new Ref(name, Meta.uid(found));
    }

    private static void refuseForeign(String node, String account, Optional<Binding> binding) {
        boolean pod = binding.map(b -> b.bound.claim().equals("pod")).orElse(false);
        boolean own = binding.flatMap(Binding::node)
                .map(ref -> ref.name().equals(node))
                .orElse(false);
        if (!pod || !own) {
            String why = pod
                    ? "node requested token bound to a pod scheduled on a different node"
                    : "node requested token not bound to a pod";
            throw Refusal.forbidden(Resource.SERVICE_ACCOUNTS, account, why, List.of());
        }
    }

    private TokenClaims claims(ObjectNode account, Optional<Binding> binding, List<String> forWhom, long seconds) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean pod = binding.map(b -> b.bound.claim().equals("pod")).orElse(false);
        boolean extended = pod && seconds == SECONDS_OF_PODS && forWhom.equals(audiences);
        Instant asked = now.plusSeconds(seconds);
        return new TokenClaims(
                issuer,
                forWhom,
                Meta.namespace(account),
                new Ref(Meta.name(account), Meta.uid(account)),
                binding.map(Binding::bound),
                binding.flatMap(Binding::node),
                now,
                extended ? now.plus(EXTENDED) : asked,
                extended ? Optional.of(asked) : Optional.empty(),
                UUID.randomUUID().toString());
    }

    private ObjectNode answered(ObjectNode account, ObjectNode request, TokenClaims claims, long seconds) {
        ObjectNode out = request.deepCopy();
        out.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenRequest");
        Tree.makeObject(out, "metadata")
                .put("name", Meta.name(account))
                .put("namespace", Meta.namespace(account))
                .put("creationTimestamp", claims.issued().toString());
        ObjectNode spec = Tree.makeObject(out, "spec").put("expirationSeconds", seconds);
        ArrayNode all = spec.putArray("audiences");
        claims.audiences().forEach(all::add);
        out.putObject("status")
                .put("token", keys.sign(claims.toTree()))
                .put(
                        "expirationTimestamp",
                        claims.warnAfter().orElse(claims.expires()).toString());
        return out;
    }

    /// Who holds a token for one of these audiences.
    ///
    /// @param forWhom empty for this server's own audiences
    public Optional<Verified> verify(String token, List<String> forWhom) {
        Optional<ObjectNode> signed = keys.verify(token);
        if (signed.isEmpty()) {
            return Optional.empty();
        }
        TokenClaims claims = TokenClaims.of(signed.get());
        List<String> meant = forWhom.isEmpty() ? audiences : forWhom;
        List<String> both = meant.stream().filter(claims.audiences()::contains).toList();
        TokenCheck check = new TokenCheck(objects, clock.instant());
        return claims.issuer().equals(issuer) && !both.isEmpty() && check.holds(claims)
                ? Optional.of(new Verified(user(claims), both))
                : Optional.empty();
    }

    /// @param audiences those of the asked ones that the token is for
    public record Verified(User user, List<String> audiences) {
        public Verified {
            audiences = List.copyOf(audiences);
        }
    }

    private static User user(TokenClaims claims) {
        var extra = new java.util.TreeMap<String, List<String>>();
        String prefix = "authentication.kubernetes.io/";
        extra.put(prefix + "credential-id", List.of("JTI=" + claims.id()));
        claims.bound().filter(bound -> bound.claim().equals("pod")).ifPresent(bound -> {
            extra.put(prefix + "pod-name", List.of(bound.ref().name()));
            extra.put(prefix + "pod-uid", List.of(bound.ref().uid()));
        });
        claims.node().ifPresent(node -> {
            extra.put(prefix + "node-name", List.of(node.name()));
            extra.put(prefix + "node-uid", List.of(node.uid()));
        });
        return User.serviceAccount(
                claims.namespace(), claims.account().name(), claims.account().uid(), extra);
    }

    public List<String> audiences() {
        return audiences;
    }

    /// The key set for `/openid/v1/jwks`.
    public ObjectNode keySet() {
        return keys.keySet();
    }

    /// The document at `/.well-known/openid-configuration`.
    public ObjectNode discovery() {
        ObjectNode out = Json.object().put("issuer", issuer).put("jwks_uri", issuer + "/openid/v1/jwks");
        out.putArray("response_types_supported").add("id_token");
        out.putArray("subject_types_supported").add("public");
        out.putArray("id_token_signing_alg_values_supported").add("ES256");
        return out;
    }
}
