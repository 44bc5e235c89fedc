package dev.fairway.api.http;

import java.io.IOException;
import java.nio.channels.ByteChannel;

/// Opens connections to the ports of one pod.
interface PortConnector {
    ByteChannel connect(int port) throws IOException;
}
