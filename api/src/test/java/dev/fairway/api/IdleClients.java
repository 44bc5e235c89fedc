package dev.fairway.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// A program that opens many connections and says nothing on them. It is a process of its own, since one process may
/// not have both ends of that many.
final class IdleClients {

    private IdleClients() {}

    /// Prints `open COUNT` when all are open, and ends when its input ends.
    ///
    /// @param args port, count
    public static void main(String[] args) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
        }
        System.out.println("open " + sockets.size());
        while (System.in.read() >= 0) {
            // Only the end matters.
        }
    }
}
