package dev.fairway.node.pod;

import dev.fairway.node.pod.ContainerState.Running;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A container that needs no process: of the image `fairway.dev/echo` with its server, or `fairway.dev/pause` without.
record EchoContainer(Running state, List<EchoServer> servers, CompletableFuture<Integer> exit) implements Container {

    private static final int KILLED = 128 + 9;

    /// How long a server that is asked to end goes on: until every node has heard that it is no endpoint any more.
    static final Duration DRAIN = Duration.ofSeconds(1);

    EchoContainer(Running state, List<EchoServer> servers) {
        this(state, List.copyOf(servers), new CompletableFuture<>());
    }

    @Override
    public void terminate() {
        if (servers.isEmpty()) {
            end(0);
            return;
        }
        Thread.ofVirtual().name("drain-" + state.id()).start(() -> {
            try {
                Thread.sleep(DRAIN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            end(0);
        });
    }

    @Override
    public void kill() {
        end(KILLED);
    }

    private void end(int code) {
        servers.forEach(EchoServer::close);
        exit.complete(code);
    }

    @Override
    public void abandon() {
        servers.forEach(EchoServer::close);
    }
}
