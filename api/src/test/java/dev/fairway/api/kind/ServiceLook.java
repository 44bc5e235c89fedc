package dev.fairway.api.kind;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What a Service looks like after a write, in the words of {@link ServiceWords}, comparable although addresses and
/// ports are drawn at random:
///
/// - an address is `=` when the Service had it before at the same place, itself when the request names it, else its
///   family `4` or `6`
/// - a port number is `=` when the Service had it before, itself when the request names it, else a letter, the same
///   letter for the same number
final class ServiceLook {

    private final ObjectNode before;
    private final String request;
    private final Map<Long, String> letters = new HashMap<>();

    private ServiceLook(ObjectNode before, String request) {
        this.before = before;
        this.request = request;
    }

    /// @param before an empty object for a creation
    static String of(ObjectNode before, String request, ObjectNode now) {
        return new ServiceLook(before, request).text(now);
    }

    private String text(ObjectNode now) {
        List<String> words = new ArrayList<>();
        words.add(ServiceFields.type(now));
        if (!ServiceFields.familyPolicy(now).isEmpty()) {
            words.add(ServiceFields.familyPolicy(now).replaceFirst("(Dual)?Stack$", ""));
        }
        words.add(String.join("", ServiceFields.families(now)).replace("IPv", "v"));
        words.add(addresses(now));
        ServiceFields.ports(now).forEach(port -> words.add(port(port)));
        words.add(Tree.text(now, "spec", "externalTrafficPolicy"));
        if (Tree.has(now, "spec", "healthCheckNodePort")) {
            words.add("hc=" + number(ServiceFields.healthPort(now)));
        }
        if (Tree.has(now, "spec", "allocateLoadBalancerNodePorts")) {
            words.add(Tree.flag(now, "spec", "allocateLoadBalancerNodePorts") ? "alloc" : "noalloc");
        }
        valued(words, now, "class", "loadBalancerClass");
        valued(words, now, "name", "externalName");
        if (ServiceFields.hasSelector(now)) {
            words.add("sel");
        }
        return words.stream().filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }

    private static void valued(List<String> words, ObjectNode now, String word, String field) {
        if (Tree.has(now, "spec", field)) {
            words.add(word + "=" + Tree.text(now, "spec", field));
        }
    }

    private String addresses(ObjectNode now) {
        List<String> old = ServiceFields.clusterIps(before);
        List<String> all = ServiceFields.clusterIps(now);
        List<String> out = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String address = all.get(i);
            boolean same = i < old.size() && old.get(i).equals(address);
            boolean named = request.contains(address) || address.equals(ServiceFields.NONE);
            out.add(named ? address : same ? "=" : address.contains(":") ? "6" : "4");
        }
        String single = Tree.text(now, "spec", "clusterIP");
        boolean fits = all.isEmpty() ? single.isEmpty() : single.equals(all.getFirst());
        return out.isEmpty() && fits ? "" : "ips=" + String.join(",", out) + (fits ? "" : " but clusterIP=" + single);
    }

    private String port(ObjectNode port) {
        String name = Tree.text(port, "name");
        String protocol = ServiceFields.protocol(port);
        long nodePort = ServiceFields.nodePort(port);
        return (name.isEmpty() ? "" : name + "=")
                + Tree.number(port, 0, "port")
                + (nodePort == 0 ? "" : ":" + number(nodePort))
                + (protocol.equals("TCP") ? "" : "/" + protocol);
    }

    private String number(long number) {
        if (request.contains(Long.toString(number))) {
            return Long.toString(number);
        }
        if (Json.toText(before).contains(":" + number)) {
            return "=";
        }
        return letters.computeIfAbsent(number, _ -> String.valueOf((char) ('a' + letters.size())));
    }
}
