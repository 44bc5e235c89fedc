package dev.fairway.api.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Backends that answer wrongly, or not at all.
class ExchangeTest {

    private ServerSocketChannel server;

    @BeforeEach
    void listen() throws IOException {
        server = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Backend backend(boolean tls) {
        return Backend.of(tls, () -> SocketChannel.open(server.getLocalAddress()));
    }

    @Test
    void aPeerThatMakesNoHandshakeIsGivenUp() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Exchange.open(backend(true), Duration.ofMillis(200)))
                .withMessage("the peer made no TLS handshake within PT0.2S");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # the peer says                                       | what is wrong
            ''                                                    | the connection ended before
            'HTTP/1.1 200 OK\\r\\nContent-Le'                     | Connection closed before
            'HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhalf' | the connection ended before
            'SSH-2.0-OpenSSH_10.0\\r\\n'                          | the answer cannot be read
            'HTTP/1.1 x\\r\\n\\r\\n'                              | the answer cannot be read
            """)
    void anAnswerThatBreaksOffIsAnError(String said, String wrong) {
        Thread.ofVirtual().start(() -> answer(said.translateEscapes()));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> {
                    try (Exchange exchange = Exchange.open(backend(false))) {
                        exchange.send(request());
                        while (exchange.part().isPresent()) {
                            // read to the end
                        }
                    }
                })
                .withMessageContaining(wrong);
    }

    @Test
    void anAnswerWithoutALengthLastsUntilTheEnd() throws IOException {
        Thread.ofVirtual().start(() -> answer("HTTP/1.1 200 OK\r\n\r\nall of it"));
        try (Exchange exchange = Exchange.open(backend(false))) {
            exchange.send(request());
            StringBuilder body = new StringBuilder();
            for (var part = exchange.part(); part.isPresent(); part = exchange.part()) {
                body.append(new String(part.get(), StandardCharsets.UTF_8));
            }
            assertThat(body.toString()).isEqualTo("all of it");
        }
    }

    private static DefaultFullHttpRequest request() {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", Unpooled.EMPTY_BUFFER);
    }

    private void answer(String text) {
        try (SocketChannel peer = server.accept()) {
            peer.read(ByteBuffer.allocate(1024));
            peer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            peer.shutdownOutput();
            peer.read(ByteBuffer.allocate(1024));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
