package dev.fairway.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Clients and servers with blocking sockets, a thread each. A connection begins with one byte that says what is
/// wanted: the same byte back, or a stream without an end.
final class Traffic {

    static final int SERVER_PORT = 8080;
    private static final int WORKERS = 4;
    private static final int ASK = 'a';
    private static final int STREAM = 's';
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final int TIMEOUT_MILLIS = 5_000;

    private Traffic() {}

    /// Serves on all addresses of the pods until the process ends.
    static void serve(PacketNetwork network) throws IOException {
        ServerSocket server = network.pods().call(() -> new ServerSocket(SERVER_PORT, 1024));
        for (int worker = 0; worker < WORKERS; worker++) {
            Thread.ofPlatform().daemon().name("server-" + worker).start(() -> accept(server));
        }
    }

    private static void accept(ServerSocket server) {
        byte[] chunk = new byte[CHUNK_BYTES];
        while (true) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                answer(socket, chunk);
                socket.setSoLinger(true, 0); // the client has closed: nothing of the connection is to wait for a minute
            } catch (IOException _) {
                // the end of a stream; any other is the client's to tell
            }
        }
    }

    private static void answer(Socket socket, byte[] chunk) throws IOException {
        InputStream in = socket.getInputStream();
        int wanted = in.read();
        while (wanted == STREAM) {
            socket.getOutputStream().write(chunk);
        }
        socket.getOutputStream().write(wanted);
        in.read();
    }

    /// What was done in a while.
    ///
    /// @param perSecond of the clock: less beside other work
    /// @param perProcessorSecond of processor time that this process took, on both sides of the connections and for the
    ///     kernel's work between them: hardly changed by other work
    record Pace(double perSecond, double perProcessorSecond) {}

    /// A watch that runs with the clock and with this process.
    private record Watch(long nanos, long processorNanos) {

        private static final OperatingSystemMXBean PROCESS =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

        static Watch now() {
            return new Watch(System.nanoTime(), PROCESS.getProcessCpuTime());
        }

        Pace paceOf(double done) {
            Watch end = now();
            return new Pace(done * 1e9 / (end.nanos - nanos), done * 1e9 / (end.processorNanos - processorNanos));
        }
    }

    /// Connections made, asked something and closed, by a few clients at once.
    static Pace connections(PacketNetwork network, InetSocketAddress to, double seconds) throws Exception {
        Watch watch = Watch.now();
        long end = watch.nanos() + (long) (seconds * 1e9);
        List<Callable<Long>> clients = new ArrayList<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            clients.add(() -> network.client().call(() -> ask(to, end)));
        }
        long made = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
            for (Future<Long> client : threads.invokeAll(clients)) {
                made += client.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("connecting to " + to + ": " + e.getCause(), e);
        }
        return watch.paceOf(made);
    }

    private static long ask(InetSocketAddress to, long endNanos) throws IOException {
        long made = 0;
        while (System.nanoTime() < endNanos) {
            try (Socket socket = connect(to)) {
                socket.getOutputStream().write(ASK);
                if (socket.getInputStream().read() != ASK) {
                    throw new IOException("connection " + made + " had no answer");
                }
            }
            made++;
        }
        return made;
    }

    /// Megabytes (10^6) of one connection from a pod to the client.
    static Pace megabytes(PacketNetwork network, InetSocketAddress to, double seconds) throws Exception {
        return network.client().call(() -> {
            byte[] chunk = new byte[CHUNK_BYTES];
            try (Socket socket = connect(to)) {
                socket.getOutputStream().write(STREAM);
                Watch watch = Watch.now();
                long end = watch.nanos() + (long) (seconds * 1e9);
                long bytes = 0;
                while (System.nanoTime() < end) {
                    int read = socket.getInputStream().read(chunk);
                    if (read < 0) {
                        throw new IOException("the stream from " + to + " ended");
                    }
                    bytes += read;
                }
                return watch.paceOf(bytes / 1e6);
            }
        });
    }

    private static Socket connect(InetSocketAddress to) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(to, TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
