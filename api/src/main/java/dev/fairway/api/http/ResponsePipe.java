package dev.fairway.api.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// A long HTTP answer.
final class ResponsePipe implements Pipe {

    private final HttpServerResponse response;
    private final CloseSignal closed = new CloseSignal();

    ResponsePipe(HttpServerResponse response) {
        this.response = response;
        response.closeHandler(end -> closed.raise());
        response.exceptionHandler(e -> closed.raise());
        if (response.closed()) {
            closed.raise();
        }
    }

    void begin() throws IOException, InterruptedException {
        await(response.writeHead());
    }

    @Override
    public void write(byte[] bytes) throws IOException, InterruptedException {
        if (closed.isRaised()) {
            throw new IOException("the client is gone");
        }
        await(response.write(Buffer.buffer(bytes)));
    }

    static void await(Future<Void> done) throws IOException, InterruptedException {
        try {
            done.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IOException("the client is gone", e);
        }
    }

    @Override
    public boolean isClosed() {
        return closed.isRaised();
    }

    @Override
    public void onClose(Runnable action) {
        closed.onRaise(action);
    }
}
