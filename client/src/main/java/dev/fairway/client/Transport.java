package dev.fairway.client;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.LeanJson;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpClient.ProxyType;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import tools.jackson.databind.node.ObjectNode;

/// Requests and answers as trees. Credentials that are more than a certificate or a token, and their renewal, are the
/// library's.
final class Transport implements AutoCloseable {

    /// As long as the server itself gives a request.
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long CONNECT_MILLIS = 10_000;

    private static final String JSON = "application/json";

    private final HttpClient http;
    private final String server;
    private final Supplier<String> token;
    private final String component;
    private final List<X509Certificate> authorities;

    /// @param authorities who certifies the server; none when those count that the JVM trusts
    /// @param token asked for each request; empty for whoever has no need of one, or when the library adds it
    private Transport(
            HttpClient http, String url, List<X509Certificate> authorities, Supplier<String> token, String component) {
        this.http = http;
        this.server = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.authorities = authorities;
        this.token = token;
        this.component = component;
    }

    /// @throws IOException when the file cannot be read, or names nobody that can be asked
    static Transport open(Path kubeconfig, String component) throws IOException {
        if (!Files.isReadable(kubeconfig)) {
            throw new IOException("cannot read kubeconfig " + kubeconfig);
        }
        Optional<PlainAccess> plain = PlainAccess.read(kubeconfig);
        return plain.isPresent() ? plain(plain.get(), component) : any(kubeconfig, component);
    }

    private static Transport plain(PlainAccess access, String component) throws IOException {
        HttpClient.Builder builder = new EndingClients().newBuilder();
        builder.tag(configured(Config.empty(), component).getRequestConfig());
        builder.preferHttp11().proxyType(ProxyType.DIRECT).connectTimeout(CONNECT_MILLIS, TimeUnit.MILLISECONDS);
        KeyManager[] keys = access.identity().stream().toArray(KeyManager[]::new);
        builder.sslContext(keys, access.trust().orElse(null));
        return new Transport(builder.build(), access.server(), access.authorities(), access::bearer, component);
    }

    /// With proxies, commands that give tokens, and whatever else the library knows.
    private static Transport any(Path kubeconfig, String component) throws IOException {
        try {
            Config config = configured(Config.fromKubeconfig(kubeconfig.toFile()), component);
            if (config.getCurrentContext() == null) {
                throw new IOException("kubeconfig " + kubeconfig + " has no current context: set `current-context`");
            }
            HttpClient http = new EndingClients().newBuilder(config).build();
            return new Transport(http, config.getMasterUrl(), authorities(config), () -> "", component);
        } catch (KubernetesClientException e) {
            throw new IOException("kubeconfig " + kubeconfig + " cannot be used: " + reason(e), e);
        }
    }

    private static List<X509Certificate> authorities(Config config) throws IOException {
        if (config.getCaCertData() != null) {
            return Pem.certificates(Base64.getMimeDecoder().decode(config.getCaCertData()));
        }
        return config.getCaCertFile() == null
                ? List.of()
                : Pem.certificates(Files.readAllBytes(Path.of(config.getCaCertFile())));
    }

    private static Config configured(Config config, String component) {
        config.setUserAgent(component);
        config.setRequestRetryBackoffLimit(0);
        config.setHttp2Disable(true); // a connection for each watch: a slow one delays no other
        config.setRequestTimeout((int) LIMIT.toMillis());
        return config;
    }

    String server() {
        return server;
    }

    List<X509Certificate> authorities() {
        return authorities;
    }

    ObjectNode get(ApiPath path) {
        return answer(request(path).build());
    }

    /// @param each told of each item, without its managed fields
    /// @return the list without its items
    ObjectNode list(ApiPath path, Consumer<ObjectNode> each) {
        return answer(request(path).build(), body -> LeanJson.parseList(body, each));
    }

    ObjectNode send(String method, ApiPath path, ObjectNode body) {
        return answer(
                request(strict(path)).method(method, JSON, Json.toText(body)).build());
    }

    ObjectNode mergePatch(ApiPath path, ObjectNode patch) {
        return answer(request(strict(path))
                .method("PATCH", "application/merge-patch+json", Json.toText(patch))
                .build());
    }

    void delete(ApiPath path, ObjectNode options) {
        answer(request(path).method("DELETE", JSON, Json.toText(options)).build());
    }

    /// A field that the server does not know is a mistake of ours: it must not vanish in silence.
    private ApiPath strict(ApiPath path) {
        return path.with("fieldManager", component).with("fieldValidation", "Strict");
    }

    /// Asks for a stream. The consumer gets what arrives once `AsyncBody.consume` is called.
    HttpResponse<AsyncBody> stream(ApiPath path, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        return await(http.consumeBytes(request(path).forStreaming().build(), consumer));
    }

    private HttpRequest.Builder request(ApiPath path) {
        HttpRequest.Builder builder = http.newHttpRequestBuilder().uri(server + path.toText());
        builder.setHeader("Accept", JSON);
        builder.setHeader("User-Agent", component);
        String bearer = token.get();
        if (!bearer.isEmpty()) {
            builder.setHeader("Authorization", "Bearer " + bearer);
        }
        return builder;
    }

    private ObjectNode answer(HttpRequest request) {
        return answer(request, Json::parse);
    }

    private ObjectNode answer(HttpRequest request, Function<byte[], ObjectNode> parser) {
        HttpResponse<byte[]> response = await(http.sendAsync(request, byte[].class));
        if (!response.isSuccessful()) {
            throw Refusals.of(response.code(), response.body());
        }
        try {
            return parser.apply(response.body());
        } catch (IllegalArgumentException e) {
            throw new ApiException(502, "BadGateway", server + " answered what is " + e.getMessage());
        }
    }

    private <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable("no answer within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw unreachable(reason(e));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    ApiException unreachable(String why) {
        return new ApiException(503, "ServiceUnavailable", "cannot reach the API server at " + server + ": " + why);
    }

    /// The innermost cause that says something.
    static String reason(Throwable failure) {
        String text = failure.getClass().getSimpleName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            text = message == null ? cause.getClass().getSimpleName() : message;
        }
        return text;
    }

    @Override
    public void close() {
        http.close();
    }
}
