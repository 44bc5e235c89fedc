package dev.fairway.app;

import dev.fairway.app.page.PageServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A look at the page as a browser takes it, so that the first one after a start is answered as fast as later ones.
final class RehearsedVisit {

    /// Enough for the compilers to see what drawing does often.
    private static final int VISITS = 40;
    /// A server learns late that a stream was left, and has a limit for them.
    private static final int STREAMS = 4;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final List<String> PATHS =
            List.of("/", "/page.css", "/page.js", "/picture.svg?ns=default", "/service?ns=default&name=web");

    private final URI page;
    private final String cookie;

    private RehearsedVisit(URI page, String cookie) {
        this.page = page;
        this.cookie = cookie;
    }

    /// @throws IOException when the page is not there or refuses what a browser asks
    static void pay(StateFolder state) throws IOException {
        int port = ServerRecord.running(state)
                .orElseThrow(() -> new IOException("the server to visit has gone"))
                .pagePort();
        URI login = URI.create(PageServer.url(state, port));
        RehearsedVisit visit = new RehearsedVisit(login, cookie(login));
        for (int i = 0; i < VISITS; i++) {
            for (String path : PATHS) {
                visit.read(path);
            }
        }
        for (int i = 0; i < STREAMS; i++) {
            visit.watch();
        }
    }

    private static String cookie(URI login) throws IOException {
        HttpURLConnection connection = open(login);
        String cookie = connection.getHeaderField("Set-Cookie");
        if (cookie == null) {
            throw new IOException("logging in to the page: HTTP status " + connection.getResponseCode());
        }
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static HttpURLConnection open(URI address) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        return connection;
    }

    private InputStream body(String path) throws IOException {
        HttpURLConnection connection = open(page.resolve(path));
        connection.setRequestProperty("Cookie", cookie);
        return connection.getInputStream();
    }

    private void read(String path) throws IOException {
        try (InputStream body = body(path)) {
            body.readAllBytes();
        }
    }

    /// Up to the first event's end.
    private void watch() throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(body("/events?ns=default"), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.isEmpty()) {
                line = lines.readLine();
            }
        }
    }
}
