package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ProbeCheck.Answer;
import dev.fairway.node.pod.ProbeSpec.Check;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Makes checks of one running container, for its probes and its hooks.
///
/// @param address the pod's, for checks that name no host
/// @param exec runs a command in the container with a time limit in seconds
record ContainerCheck(
        ContainerSpec container,
        Optional<IpAddress> address,
        ProbeCheck network,
        BiFunction<List<String>, Long, Answer> exec) {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerCheck.class);

    /// A check that cannot even be made is an answer too: the container is not known to be well.
    Answer ask(Check check, long timeoutSeconds) {
        try {
            return answer(check, timeoutSeconds);
        } catch (RuntimeException e) {
            LOG.warn("container {} cannot be checked", container.name(), e);
            return Answer.bad(String.valueOf(e.getMessage()));
        }
    }

    private Answer answer(Check check, long timeoutSeconds) {
        return switch (check) {
            case Check.Http http -> at(http.host(), http.port(), target -> network.http(target, http, timeoutSeconds));
            case Check.Tcp tcp -> at(tcp.host(), tcp.port(), target -> network.tcp(target, timeoutSeconds));
            case Check.Grpc grpc -> at("", grpc.port(), target -> network.grpc(target, grpc.service(), timeoutSeconds));
            case Check.Exec command -> exec.apply(command.command(), timeoutSeconds);
            case Check.Sleep sleep -> sleep(sleep.seconds());
            case Check.None _ -> Answer.WELL;
        };
    }

    private Answer at(String host, JsonNode port, Function<InetSocketAddress, Answer> ask) {
        Optional<IpAddress> to = IpAddress.tryParse(host).or(() -> address);
        return to.flatMap(ip ->
                        container.portNumber(port).map(number -> new InetSocketAddress(ip.toInetAddress(), number)))
                .map(ask)
                .orElseGet(() -> Answer.bad("no port " + port + " in container \"" + container.name() + "\""));
    }

    private static Answer sleep(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
            return Answer.WELL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.bad("interrupted");
        }
    }
}
