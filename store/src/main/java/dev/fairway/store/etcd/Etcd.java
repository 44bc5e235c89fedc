package dev.fairway.store.etcd;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// The calls of etcd's v3 API that a store needs. A call goes to one endpoint after the other until one answers, as
/// long
/// as it can do no harm, and logs in again when its token has run out.
public final class Etcd implements AutoCloseable {

    private static final String KV = "/etcdserverpb.KV/";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    /// etcd's own default, `--max-txn-ops`.
    public static final int OPERATIONS_MAX = 128;

    private final EtcdConfig config;
    private final GrpcChannel channel;
    private final AtomicInteger endpoint = new AtomicInteger();
    private volatile String token = "";

    private Etcd(EtcdConfig config, GrpcChannel channel) {
        this.config = config;
        this.channel = channel;
    }

    /// Connects when it is first asked something.
    public static Etcd open(EtcdConfig config) {
        return new Etcd(config, GrpcChannel.open(config));
    }

    public EtcdConfig config() {
        return config;
    }

    /// Keys as of one revision; linearizable when that is the newest.
    ///
    /// @param end the first key after the range; empty for the one key
    /// @param limit 0 for all
    /// @param revision 0 for the newest
    public Range range(String key, String end, int limit, long revision, Duration patience)
            throws RpcException, InterruptedException {
        byte[] request = Range.request(key, end, limit, revision).toBytes();
        return Range.read(new Fields(call(KV + "Range", request, true, patience)));
    }

    /// @throws RpcException that may be done when the answer was lost
    public Txn.Outcome commit(Txn txn, Duration patience) throws RpcException, InterruptedException {
        byte[] request = txn.toMessage(OPERATIONS_MAX).toBytes();
        return Txn.Outcome.read(new Fields(call(KV + "Txn", request, false, patience)));
    }

    /// Forgets what was before the revision.
    public void compact(long revision, Duration patience) throws RpcException, InterruptedException {
        call(KV + "Compact", new Message().number(1, revision).toBytes(), true, patience);
    }

    /// An open watch.
    public interface Watching extends AutoCloseable {
        @Override
        void close();
    }

    /// @param onAnswer called on the client's own thread: must be quick
    /// @param onEnd called once
    public Watching watch(
            String key,
            String end,
            long revision,
            Duration patience,
            Consumer<WatchAnswer> onAnswer,
            Consumer<RpcException> onEnd)
            throws RpcException, InterruptedException {
        EtcdConfig.Endpoint to = current();
        try {
            GrpcChannel.Stream stream = channel.stream(
                    to,
                    "/etcdserverpb.Watch/Watch",
                    WatchAnswer.request(key, end, revision).toBytes(),
                    loggedIn(to, patience),
                    patience,
                    bytes -> onAnswer.accept(WatchAnswer.read(new Fields(bytes))),
                    onEnd);
            return stream::close;
        } catch (RpcException e) {
            moveOn(to);
            throw e;
        }
    }

    /// The next watch goes elsewhere, and with a fresh login.
    public void distrust() {
        token = "";
        endpoint.incrementAndGet();
    }

    public EtcdConfig.Endpoint current() {
        List<EtcdConfig.Endpoint> all = config.endpoints();
        return all.get(Math.floorMod(endpoint.get(), all.size()));
    }

    private void moveOn(EtcdConfig.Endpoint from) {
        int at = endpoint.get();
        if (current().equals(from)) {
            endpoint.compareAndSet(at, at + 1);
        }
    }

    private byte[] call(String method, byte[] message, boolean repeatable, Duration patience)
            throws RpcException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long pauseMillis = FIRST_PAUSE.toMillis();
        boolean renewed = false;
        while (true) {
            EtcdConfig.Endpoint to = current();
            try {
                Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
                Duration turn = repeatable && config.endpoints().size() > 1 ? left.dividedBy(2) : left;
                return channel.call(to, method, message, loggedIn(to, turn), turn);
            } catch (RpcException e) {
                if (e.isTokenTrouble() && config.user().isPresent() && !renewed) {
                    token = "";
                    renewed = true;
                    continue;
                }
                boolean harmless = e.isOutage() && (repeatable || !e.maybeDone());
                if (e.isOutage()) {
                    moveOn(to);
                }
                if (!harmless || System.nanoTime() + pauseMillis * 1_000_000 >= deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(pauseMillis);
                pauseMillis = Math.min(500, pauseMillis * 2);
            }
        }
    }

    private String loggedIn(EtcdConfig.Endpoint to, Duration patience) throws RpcException, InterruptedException {
        if (config.user().isEmpty() || !token.isEmpty()) {
            return token;
        }
        EtcdConfig.User user = config.user().get();
        byte[] request =
                new Message().text(1, user.name()).text(2, password(user)).toBytes();
        Fields answer = new Fields(channel.call(to, "/etcdserverpb.Auth/Authenticate", request, "", patience));
        while (answer.next()) {
            if (answer.field() == 2) {
                token = answer.text();
            }
        }
        return token;
    }

    private static String password(EtcdConfig.User user) throws RpcException {
        try {
            return Files.readString(user.passwordFile()).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new RpcException(RpcException.PERMISSION_DENIED, false, "cannot read the password for etcd: " + e);
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
