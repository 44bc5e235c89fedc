package dev.fairway.api.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// A long HTTP answer.
final class ResponsePipe implements Pipe {

    private final HttpServerResponse response;
    private final CloseSignal closed = new CloseSignal();
    private Future<Void> taken = Future.succeededFuture();

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
        // One write may be under way while the next is made: whoever watches is not waited for twice per event, and who
        // does not read still stops this thread.
        await(taken);
        taken = begun(() -> response.write(Buffers.of(bytes)));
    }

    /// The library refuses to write what is closed, which may have happened since one asked.
    static Future<Void> begun(Supplier<Future<Void>> write) throws IOException {
        try {
            return write.get();
        } catch (IllegalStateException closed) {
            throw new IOException("the answer has ended", closed);
        }
    }

    static void await(Future<Void> done) throws IOException, InterruptedException {
        if (done.succeeded()) {
            return;
        }
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
