package dev.fairway.picture.svg;

import dev.fairway.address.IpAddress;
import dev.fairway.picture.PodState;
import dev.fairway.picture.SceneEndpoint;
import dev.fairway.picture.SceneNode;
import dev.fairway.picture.ScenePort;
import dev.fairway.picture.SceneService;
import dev.fairway.picture.ServiceType;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// How addresses, ports and states are said in a picture.
final class Words {

    private static final String ARROW = "\u2192";

    private Words() {}

    /// Addresses of the load balancer with the Service's ports, or that there are none yet.
    static String balancers(SceneService service) {
        if (service.balancers().isEmpty()) {
            return "address pending";
        }
        return service.balancers().stream()
                .map(address -> service.ports().size() == 1
                        ? withPort(address, service.ports().getFirst().port())
                        : address)
                .collect(Collectors.joining(", "));
    }

    private static String withPort(String address, int port) {
        return IpAddress.tryParse(address).map(ip -> ip.withPort(port)).orElse(address + ":" + port);
    }

    static String nodePorts(SceneService service) {
        return service.ports().stream()
                .filter(port -> port.nodePort() > 0)
                .map(port -> port.nodePort() + port.protocolWords())
                .collect(Collectors.joining(", "));
    }

    /// What the Service's name stands for, a line for each address.
    static List<String> addresses(SceneService service) {
        if (service.type() == ServiceType.EXTERNAL_NAME) {
            return List.of(portList(service));
        }
        if (service.addresses().isEmpty()) {
            return List.of(service.headless() ? "headless: the name stands for the pods themselves" : "no address yet");
        }
        List<String> out = new ArrayList<>();
        for (IpAddress address : service.addresses()) {
            if (service.ports().size() == 1) {
                ScenePort port = service.ports().getFirst();
                out.add(address.withPort(port.port()) + port.protocolWords() + " " + ARROW + " " + port.target());
            } else {
                out.add(address + "  " + portList(service));
            }
        }
        return out;
    }

    static String portList(SceneService service) {
        return service.ports().stream()
                .map(port -> (port.name().isEmpty() ? "" : port.name() + " ") + port.words(ARROW))
                .collect(Collectors.joining(", "));
    }

    /// Where an external name points, with the port when there is just one.
    static String target(SceneService service) {
        return service.ports().size() == 1
                ? service.externalName() + ":" + service.ports().getFirst().target()
                : service.externalName();
    }

    /// How many of the Service's pods are on the node, and what that means for traffic that must stay there.
    static String onNode(SceneService service, SceneNode node) {
        List<SceneEndpoint> here = service.endpointsOn(node.name());
        long ready = SceneService.readyAmong(here);
        if (ready == 0 && isLocal(service)) {
            return here.isEmpty()
                    ? "no pod here: Local traffic is dropped"
                    : "none ready here: Local traffic is dropped";
        }
        return here.isEmpty() ? "no pod here" : ready + " of " + here.size() + " ready here";
    }

    static boolean isLocal(SceneService service) {
        return service.internal() == Scope.LOCAL || service.external() == Scope.LOCAL;
    }

    static String ready(SceneService service) {
        return service.readyCount() + " of " + service.endpoints().size() + " " + PodState.READY.words();
    }
}
