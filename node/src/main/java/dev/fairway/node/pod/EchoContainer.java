package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Running;
import java.util.concurrent.CompletableFuture;

/// A container of the image `fairway.dev/echo`.
record EchoContainer(Running state, EchoServer server, CompletableFuture<Integer> exit) implements Container {

    private static final int KILLED = 128 + 9;

    EchoContainer(Running state, EchoServer server) {
        this(state, server, new CompletableFuture<>());
    }

    @Override
    public void terminate() {
        server.close();
        exit.complete(0);
    }

    @Override
    public void kill() {
        server.close();
        exit.complete(KILLED);
    }

    @Override
    public void abandon() {
        server.close();
    }
}
