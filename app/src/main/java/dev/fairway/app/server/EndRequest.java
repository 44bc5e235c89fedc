package dev.fairway.app.server;

import java.util.concurrent.CountDownLatch;

/// The wish that this process ends: TERM or INT. Java ends when the wish's hook returns, so it waits until everything
/// has been stopped.
final class EndRequest implements AutoCloseable {

    private final CountDownLatch wished = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private EndRequest() {}

    /// From here on TERM and INT are a wish.
    static EndRequest listen() {
        EndRequest request = new EndRequest();
        Runtime.getRuntime().addShutdownHook(new Thread(request::wish));
        return request;
    }

    private void wish() {
        wished.countDown();
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // in the hook an interrupt has no meaning any more
        }
    }

    boolean isWished() {
        return wished.getCount() == 0;
    }

    void await() throws InterruptedException {
        wished.await();
    }

    /// Everything is stopped: the process may end.
    @Override
    public void close() {
        stopped.countDown();
    }
}
