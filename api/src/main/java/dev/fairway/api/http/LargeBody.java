package dev.fairway.api.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;

/// The body of an answer that may be large. A short one is sent whole at the end; of a long one a piece is sent while
/// the next is made, so that it is never in memory as a whole and the client can begin to read.
final class LargeBody extends OutputStream {

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private byte[] piece = new byte[Gzip.BYTES_MIN];
    private int length;
    private OutputStream rest = OutputStream.nullOutputStream();
    private boolean begun;

    LargeBody(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
    }

    @Override
    public void write(int one) throws IOException {
        if (length == piece.length) {
            pass();
        }
        piece[length++] = (byte) one;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        int left = count;
        while (left > 0) {
            if (length == piece.length) {
                pass();
            }
            int some = Math.min(left, piece.length - length);
            System.arraycopy(bytes, at, piece, length, some);
            length += some;
            at += some;
            left -= some;
        }
    }

    private void pass() throws IOException {
        if (!begun) {
            begin();
        }
        if (rest instanceof Wire wire) {
            wire.send(Buffers.of(piece, length));
            piece = new byte[Gzip.BYTES_MIN];
        } else {
            rest.write(piece, 0, length);
        }
        length = 0;
    }

    private void begin() throws IOException {
        begun = true;
        response.setChunked(request.version() != HttpVersion.HTTP_2);
        boolean zipped = Gzip.isAccepted(request);
        if (zipped) {
            Gzip.tell(response);
        }
        rest = zipped ? new Gzip(new Wire(response)) : new Wire(response);
    }

    /// Sends what is left, and the end.
    Future<Void> finish() throws IOException {
        if (!begun) {
            return response.end(Buffers.of(piece, length));
        }
        pass();
        rest.close();
        return response.end();
    }

    /// Sends each piece when the one before it was taken.
    private static final class Wire extends OutputStream {

        private final HttpServerResponse response;
        private Future<Void> taken = Future.succeededFuture();

        Wire(HttpServerResponse response) {
            this.response = response;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            send(Buffer.buffer(count).appendBytes(bytes, from, count));
        }

        void send(Buffer bytes) throws IOException {
            try {
                ResponsePipe.await(taken);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the server stops");
            }
            if (response.closed()) {
                throw new IOException("the client is gone");
            }
            taken = response.write(bytes);
        }
    }
}
