package dev.fairway.dns;

import dev.fairway.dns.Responder.Response;
import dev.fairway.dns.Responder.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One UDP socket: answers from the zone at once, lets others wait on threads of their own, up to a bound.
final class UdpListener implements AutoCloseable {

    private static final int RECEIVE_BYTES = 4096;
    private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);

    private final DatagramChannel channel;
    private final Responder responder;
    private final Semaphore slots;
    private final Thread loop;

    /// @param slots how many questions may wait for upstream servers at one time
    UdpListener(DatagramChannel channel, Responder responder, Semaphore slots) {
        this.channel = channel;
        this.responder = responder;
        this.slots = slots;
        // A platform thread, because names must be answered also while calls into the kernel hold all carriers.
        this.loop = Thread.ofPlatform().daemon().name("dns-udp").start(this::run);
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(RECEIVE_BYTES);
        while (channel.isOpen()) {
            try {
                receive(buffer.clear());
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.error("answer DNS by UDP", e);
                if (!Pause.afterFailure()) {
                    return;
                }
            }
        }
    }

    private void receive(ByteBuffer buffer) throws IOException {
        SocketAddress client = channel.receive(buffer);
        byte[] message = new byte[buffer.flip().remaining()];
        buffer.get(message);
        switch (responder.respond(message, Transport.UDP)) {
            case Response.Now(byte[] answer) -> send(answer, client);
            case Response.Later(var work, byte[] refusal) -> {
                if (slots.tryAcquire()) {
                    Thread.ofVirtual().name("dns-forward").start(() -> {
                        try {
                            send(work.get(), client);
                        } finally {
                            slots.release();
                        }
                    });
                } else {
                    send(refusal, client);
                }
            }
            case Response.Nothing() -> {}
        }
    }

    /// An answer that cannot be sent is a lost packet: the client asks again.
    private void send(byte[] answer, SocketAddress client) {
        try {
            channel.send(ByteBuffer.wrap(answer), client);
        } catch (IOException e) {
            LOG.debug("send DNS answer to {}", client, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        loop.interrupt();
    }
}
