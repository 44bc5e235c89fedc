package dev.fairway.api.kind;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The spec of a Service in few words, for tables:
///
/// - `ClusterIP`, `NodePort`, `LoadBalancer`, `ExternalName`: the type
/// - `80`, `80:30001`, `53/UDP`, `web=80:30001/TCP`: a port with name, node port and protocol
/// - `Single`, `Prefer`, `Require`: the family policy; `v4`, `v6`, `v4v6`, `v6v4`: the families
/// - `ip=10.0.0.5`, `headless`: the `clusterIP`; `ips=10.0.0.5,fd00::5`: the `clusterIPs`
/// - `sel`: a selector; `name=a.b`: the external name; `ext=192.0.2.1`: an external IP
/// - `Local`, `Cluster`: `externalTrafficPolicy`; `hc=30050`: `healthCheckNodePort`; `class=a.b/c`
/// - `alloc`, `noalloc`: `allocateLoadBalancerNodePorts`
/// - `-field`: null
/// - `{...}`: more fields, as JSON with single quotes
final class ServiceWords {

    private static final Pattern PORT = Pattern.compile("(?:([a-z]+)=)?([0-9]+)(?::([0-9]+))?(?:/([A-Z]+))?");

    private ServiceWords() {}

    static ObjectNode spec(String words) {
        ObjectNode spec = Json.object();
        int json = words.indexOf('{');
        String plain = json < 0 ? words : words.substring(0, json);
        for (String word : plain.strip().split(" +")) {
            if (!word.isEmpty()) {
                word(spec, word);
            }
        }
        if (json >= 0) {
            Rig.json(words.substring(json)).properties().forEach(field -> spec.set(field.getKey(), field.getValue()));
        }
        return spec;
    }

    private static void word(ObjectNode spec, String word) {
        switch (word) {
            case "ClusterIP", "NodePort", "LoadBalancer", "ExternalName" -> spec.put("type", word);
            case "Single" -> spec.put("ipFamilyPolicy", "SingleStack");
            case "Prefer" -> spec.put("ipFamilyPolicy", "PreferDualStack");
            case "Require" -> spec.put("ipFamilyPolicy", "RequireDualStack");
            case "v4" -> list(spec, "ipFamilies", "IPv4");
            case "v6" -> list(spec, "ipFamilies", "IPv6");
            case "v4v6" -> list(spec, "ipFamilies", "IPv4", "IPv6");
            case "v6v4" -> list(spec, "ipFamilies", "IPv6", "IPv4");
            case "headless" -> spec.put("clusterIP", "None");
            case "sel" -> spec.putObject("selector").put("app", "web");
            case "Local", "Cluster" -> spec.put("externalTrafficPolicy", word);
            case "alloc", "noalloc" -> spec.put("allocateLoadBalancerNodePorts", word.equals("alloc"));
            default -> valued(spec, word);
        }
    }

    private static void valued(ObjectNode spec, String word) {
        Matcher port = PORT.matcher(word);
        if (port.matches() && !word.startsWith("hc=")) {
            port(Tree.makeArray(spec, "ports").addObject(), port);
            return;
        }
        if (word.startsWith("-")) {
            spec.putNull(word.substring(1));
            return;
        }
        String value = word.substring(word.indexOf('=') + 1);
        switch (word.substring(0, Math.max(0, word.indexOf('=')))) {
            case "ip" -> spec.put("clusterIP", value);
            case "ips" -> list(spec, "clusterIPs", value.split(","));
            case "name" -> spec.put("externalName", value);
            case "ext" -> list(spec, "externalIPs", value.split(","));
            case "hc" -> spec.put("healthCheckNodePort", Integer.parseInt(value));
            case "class" -> spec.put("loadBalancerClass", value);
            default -> throw new IllegalArgumentException("no such word: " + word);
        }
    }

    private static void port(ObjectNode entry, Matcher port) {
        if (port.group(1) != null) {
            entry.put("name", port.group(1));
        }
        entry.put("port", Integer.parseInt(port.group(2)));
        if (port.group(3) != null) {
            entry.put("nodePort", Integer.parseInt(port.group(3)));
        }
        if (port.group(4) != null) {
            entry.put("protocol", port.group(4));
        }
    }

    private static void list(ObjectNode spec, String field, String... values) {
        ArrayNode list = spec.putArray(field);
        List.of(values).forEach(list::add);
    }
}
