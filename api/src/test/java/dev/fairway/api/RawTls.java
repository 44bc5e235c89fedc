package dev.fairway.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Bytes over TLS as no HTTP library would send them.
final class RawTls {

    private static final int SILENCE_MILLIS = 1_500;

    private RawTls() {}

    /// All that comes back until the server closes or has been silent for a while.
    static String ask(int port, String sent) throws IOException, GeneralSecurityException {
        try (SSLSocket socket =
                (SSLSocket) Trusting.everybody().getSocketFactory().createSocket("127.0.0.1", port)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"http/1.1"});
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(30_000);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] part = new byte[8192];
            try {
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                for (int n = socket.getInputStream().read(part);
                        n >= 0;
                        n = socket.getInputStream().read(part)) {
                    answer.writeBytes(Arrays.copyOf(part, n));
                    socket.setSoTimeout(SILENCE_MILLIS);
                }
            } catch (SocketTimeoutException silent) {
                // The server waits for the next request.
            } catch (IOException closed) {
                // It has refused to read on.
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
