package dev.fairway.schema.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;
import java.util.List;

/// What the API server asks of the node that runs a pod: logs, exec, attach and connections to its ports. The node
/// agent
/// implements it; the API server finds the right one by the pod's `spec.nodeName`.
public interface PodAccess {

    /// The log of a container; reading blocks for more while `follow` is set and the container runs.
    ///
    /// @throws dev.fairway.schema.ApiException when the container is unknown or has not started
    InputStream logs(PodRef pod, LogOptions options) throws IOException;

    /// Starts a command in a container's namespaces.
    ExecSession exec(PodRef pod, ExecOptions options) throws IOException;

    /// Joins the container's own input and output.
    ExecSession attach(PodRef pod, ExecOptions options) throws IOException;

    /// A TCP connection to a port of the pod, made from inside the pod's network namespace to its loopback or address.
    ByteChannel connect(PodRef pod, int port) throws IOException;

    /// A TCP connection to a port of the node itself, such as that of its health checks.
    ///
    /// @throws IOException when the node has nothing there
    default ByteChannel connectToNode(int port) throws IOException {
        throw new IOException("the node offers no connections to itself");
    }

    /// @param container empty for the pod's only (or first) container
    record PodRef(String namespace, String name, String uid, String container) {}

    /// @param tailLines -1 for all
    /// @param sinceSeconds -1 for all
    /// @param limitBytes -1 for all
    /// @param previous the container's run before this one
    record LogOptions(
            boolean follow, long tailLines, long sinceSeconds, long limitBytes, boolean timestamps, boolean previous) {}

    record ExecOptions(List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
        public ExecOptions {
            command = List.copyOf(command);
        }
    }

    /// A running command. With a tty, output and errors come together on `output()`.
    interface ExecSession extends AutoCloseable {
        OutputStream input();

        InputStream output();

        InputStream errors();

        void resize(int columns, int rows);

        /// Blocks until the command ends; 128 + N after signal N.
        int waitFor() throws InterruptedException;

        /// Ends the command if it still runs.
        @Override
        void close();
    }
}
