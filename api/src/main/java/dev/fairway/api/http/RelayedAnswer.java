package dev.fairway.api.http;

import dev.fairway.api.proxy.Exchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The body of a backend's answer, passed on as it comes.
final class RelayedAnswer {

    private RelayedAnswer() {}

    /// @param first what has been read of it already
    static void relay(byte[] first, Exchange exchange, Pipe pipe) throws InterruptedException {
        pipe.onClose(() -> close(exchange));
        try (exchange) {
            Optional<byte[]> part = first.length > 0 ? Optional.of(first) : exchange.part();
            while (part.isPresent()) {
                pipe.write(part.get());
                part = exchange.part();
            }
        } catch (IOException e) {
            // The head is out: either end may leave, and the answer just ends.
            return;
        }
    }

    private static void close(Exchange exchange) {
        try {
            exchange.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
