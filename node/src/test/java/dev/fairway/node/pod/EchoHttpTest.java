package dev.fairway.node.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The echo server's HTTP, byte by byte. `\n` stands for CR LF.
class EchoHttpTest {

    private static String talk(String requests) throws IOException {
        byte[] in = requests.replace("\\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new EchoHttp(new ByteArrayInputStream(in), out, "me\n").serve();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static int count(String text, String part) {
        return (text.length() - text.replace(part, "").length()) / part.length();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # requests                                                                      | answers
            GET / HTTP/1.1\\n\\n                                                            | 1
            GET / HTTP/1.1\\n\\nGET /x HTTP/1.1\\n\\n                                       | 2
            \\n\\nGET / HTTP/1.1\\nHost: a\\n\\n                                            | 1
            POST / HTTP/1.1\\nContent-Length: 3\\n\\nabcGET / HTTP/1.1\\n\\n                | 2
            PUT / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\n3\\nabc\\n0\\n\\nGET / HTTP/1.1\\n\\n | 2
            GET / HTTP/1.1\\nConnection: close\\n\\nGET / HTTP/1.1\\n\\n                    | 1
            GET / HTTP/1.0\\n\\nGET / HTTP/1.0\\n\\n                                        | 1
            GET / HTTP/1.0\\nConnection: keep-alive\\n\\nGET / HTTP/1.0\\n\\n               | 2
            BREW / HTTP/1.1\\n\\n                                                           | 1
            """)
    void everyRequestIsAnsweredInTurn(String requests, int answers) throws IOException {
        String out = talk(requests);
        assertThat(count(out, "HTTP/1.1 200 OK\r\n")).isEqualTo(answers);
        assertThat(count(out, "\r\n\r\nme\n")).isEqualTo(answers);
        assertThat(count(out, "Content-Length: 3\r\n")).isEqualTo(answers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense\\n\\n                                              | 400 Bad Request
            GET / HTTP/2.0\\n\\n                                        | 400 Bad Request
            GET / HTTP/1.1\\nno colon\\n\\n                             | 400 Bad Request
            GET / HTTP/1.1\\nContent-Length: -1\\n\\n                   | 400 Bad Request
            GET / HTTP/1.1\\nTransfer-Encoding: gzip\\n\\n              | 501 Not Implemented
            GET / HTTP/1.1\\nTransfer-Encoding: chunked\\n\\nzz\\n      | 400 Bad Request
            """)
    void brokenRequestIsRefusedAndEndsTheConnection(String requests, String status) throws IOException {
        assertThat(talk(requests)).startsWith("HTTP/1.1 " + status + "\r\n").contains("Connection: close\r\n");
    }

    @Test
    void headWithoutEndIsRefused() throws IOException {
        assertThat(talk("GET / HTTP/1.1\\nX: " + "x".repeat(20_000))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void headHasNoBodyAndContinueComesFirst() throws IOException {
        assertThat(talk("HEAD / HTTP/1.1\\n\\n")).contains("Content-Length: 3").endsWith("\r\n\r\n");
        assertThat(talk("POST / HTTP/1.1\\nExpect: 100-continue\\nContent-Length: 1\\n\\nx"))
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n");
    }

    @Test
    void randomBytesNeverBreakIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                new EchoHttp(new ByteArrayInputStream(bytes), out, "me\n").serve();
            } catch (IOException ended) {
                assertThat(ended).as("seed %s", seed).isInstanceOf(java.io.EOFException.class);
            }
        }
    }
}
