package dev.fairway.api.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/// Collects a request's body up to a limit. Runs on the request's event loop.
final class BodyReader {

    private final int bytesMax;
    private final Buffer body = Buffer.buffer();
    private boolean refused;

    private BodyReader(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Exactly one of the two actions is called; what comes after the limit is thrown away.
    static void read(HttpServerRequest request, int bytesMax, Consumer<byte[]> whole, Runnable tooLong) {
        BodyReader reader = new BodyReader(bytesMax);
        request.handler(part -> reader.take(part, tooLong));
        request.endHandler(end -> reader.finish(whole));
    }

    private void take(Buffer part, Runnable tooLong) {
        if (refused) {
            return;
        }
        if (body.length() + part.length() > bytesMax) {
            refused = true;
            tooLong.run();
            return;
        }
        body.appendBuffer(part);
    }

    private void finish(Consumer<byte[]> whole) {
        if (!refused) {
            whole.accept(body.getBytes());
        }
    }
}
