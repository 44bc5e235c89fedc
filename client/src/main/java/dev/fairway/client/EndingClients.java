package dev.fairway.client;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// The library's clients, which end their thread when they are closed. The library leaves that to the collector, and a
/// JVM that exits waits 300 ms for a thread that is in the kernel.
final class EndingClients extends JdkHttpClientFactory {

    /// More than a thread needs that has been told to end.
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final List<HttpClient> made = new CopyOnWriteArrayList<>();

    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
        return new Noted(super.createNewHttpClientBuilder(), made);
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl client) {
        made.forEach(HttpClient::shutdownNow);
        made.forEach(EndingClients::await);
        super.closeHttpClient(client);
    }

    private static void await(HttpClient client) {
        try {
            client.awaitTermination(PATIENCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// A builder that tells what it built: the library tells nobody.
    private record Noted(HttpClient.Builder builder, List<HttpClient> made) implements HttpClient.Builder {

        @Override
        public HttpClient build() {
            HttpClient client = builder.build();
            made.add(client);
            return client;
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler handler) {
            return new Noted(builder.cookieHandler(handler), made);
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration limit) {
            return new Noted(builder.connectTimeout(limit), made);
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext tls) {
            return new Noted(builder.sslContext(tls), made);
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters parameters) {
            return new Noted(builder.sslParameters(parameters), made);
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            return new Noted(builder.executor(executor), made);
        }

        @Override
        public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
            return new Noted(builder.followRedirects(policy), made);
        }

        @Override
        public HttpClient.Builder version(HttpClient.Version version) {
            return new Noted(builder.version(version), made);
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            return new Noted(builder.priority(priority), made);
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            return new Noted(builder.proxy(selector), made);
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            return new Noted(builder.authenticator(authenticator), made);
        }
    }
}
