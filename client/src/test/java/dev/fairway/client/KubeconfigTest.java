package dev.fairway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The forms of a kubeconfig, each read as kubectl reads it.
class KubeconfigTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            certificate and key inline           | certificate-authority-data: AUTHORITY-64 | {client-certificate-data: CERTIFICATE-64, client-key-data: KEY-64}
            the newer form of a key              | certificate-authority-data: AUTHORITY-64 | {client-certificate-data: CERTIFICATE-64, client-key-data: KEY8-64}
            files beside the kubeconfig          | certificate-authority: authority.pem     | {client-certificate: certificate.pem, client-key: key8.pem}
            a field for the library, and no more | insecure-skip-tls-verify: true           | {client-certificate: FOLDER/certificate.pem, client-key: FOLDER/key.pem}
            """)
    void leadsToTheServer(String form, String cluster, String user) throws IOException {
        try (RealServer server = new RealServer(folder)) {
            Path kubeconfig = write(server.url(), server.filled(cluster), server.filled(user));
            try (RemoteApiClient client = RemoteApiClient.open(kubeconfig, "tester")) {
                assertThat(client.get(Resource.NAMESPACES, "", "default"))
                        .as(form)
                        .isPresent();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            token: abc             | Bearer abc
            tokenFile: FOLDER/file | Bearer from-file
            username: a, password: b | Basic YTpi
            """)
    void showsWhoAsks(String user, String credentials) throws Exception {
        Files.writeString(folder.resolve("file"), "from-file");
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> request = CompletableFuture.supplyAsync(() -> refuseOne(listener));
            Path kubeconfig = write(
                    "http://127.0.0.1:" + listener.getLocalPort(),
                    "extensions: []",
                    "{" + user.replace("FOLDER", folder.toString()) + "}");
            try (RemoteApiClient client = RemoteApiClient.open(kubeconfig, "tester")) {
                assertThatThrownBy(() -> client.get(Resource.NAMESPACES, "", "default"))
                        .isInstanceOf(ApiException.class);
            }
            assertThat(request.get(10, TimeUnit.SECONDS))
                    .containsOnlyOnce("authorization: " + credentials, "user-agent: tester");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {client-certificate: none.pem, client-key: none.pem}          | client-certificate: cannot read FOLDER/none.pem
            {client-certificate-data: '%%%', client-key-data: KEY-64}     | client-certificate
            {client-certificate-data: CERTIFICATE-64}                     | client-certificate and client-key: only one is there
            {client-certificate: certificate.pem, client-key: config}     | client-key: no private key in it
            {client-certificate: certificate.pem, client-key: certificate.pem, username: a} | cannot be used
            """)
    void isRefusedWithTheFieldThatIsWrong(String user, String reason) throws IOException {
        try (RealServer server = new RealServer(folder)) {
            Path kubeconfig =
                    write(server.url(), server.filled("certificate-authority: authority.pem"), server.filled(user));
            assertThatThrownBy(() -> RemoteApiClient.open(kubeconfig, "tester"))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("kubeconfig " + kubeconfig)
                    .hasMessageContaining(reason.replace("FOLDER", folder.toString()));
        }
    }

    @Test
    void isRefusedWhenItIsNoYaml() throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("config"), "a: [");
        assertThatThrownBy(() -> RemoteApiClient.open(kubeconfig, "tester"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("kubeconfig " + kubeconfig + " is not YAML");
    }

    private Path write(String url, String cluster, String user) throws IOException {
        return Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts:
                - name: elsewhere
                  context: {cluster: none, user: none}
                - name: here
                  context: {cluster: one, user: me}
                clusters:
                - name: one
                  cluster:
                    server: %s
                    %s
                users:
                - name: me
                  user: %s
                """.formatted(url, cluster, user));
    }

    /// The head of the only request, in small letters up to the colon.
    private static List<String> refuseOne(ServerSocket listener) {
        try (Socket socket = listener.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> head = in.lines()
                    .takeWhile(line -> !line.isEmpty())
                    .map(KubeconfigTest::smallName)
                    .toList();
            socket.getOutputStream()
                    .write("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return head;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String smallName(String header) {
        int colon = header.indexOf(':');
        return colon < 0
                ? header
                : header.substring(0, colon).toLowerCase(java.util.Locale.ROOT) + header.substring(colon);
    }
}
