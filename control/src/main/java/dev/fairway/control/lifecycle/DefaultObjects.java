package dev.fairway.control.lifecycle;

import dev.fairway.address.IpAddress;
import dev.fairway.control.Settings;
import dev.fairway.schema.Json;
import dev.fairway.schema.ObjectKey;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The objects that every cluster has from its first moment, as they are created.
final class DefaultObjects {

    static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public", "kube-node-lease");
    static final ObjectKey KUBERNETES = new ObjectKey("default", "kubernetes");
    static final ObjectKey DNS = new ObjectKey("kube-system", "kube-dns");
    static final String ROOT_CA = "kube-root-ca.crt";

    private DefaultObjects() {}

    static ObjectNode namespace(String name) {
        ObjectNode out = Json.object();
        Tree.makeObject(out, "metadata").put("name", name);
        Tree.makeObject(out, "metadata", "labels").put("kubernetes.io/metadata.name", name);
        return out;
    }

    static ObjectNode serviceAccount(String namespace) {
        return named(new ObjectKey(namespace, "default"));
    }

    static ObjectNode rootCa(String namespace, String caText) {
        ObjectNode out = named(new ObjectKey(namespace, ROOT_CA));
        Tree.makeObject(out, "metadata", "annotations")
                .put(
                        "kubernetes.io/description",
                        "Contains a CA bundle that can be used to verify the API server of this cluster.");
        Tree.makeObject(out, "data").put("ca.crt", caText);
        return out;
    }

    static ObjectNode kubernetesService(Settings.KubernetesService settings) {
        ObjectNode out = named(KUBERNETES);
        Tree.makeObject(out, "metadata", "labels").put("component", "apiserver").put("provider", "kubernetes");
        ObjectNode spec = service(out, List.of(settings.address()), "SingleStack");
        port(spec, "https", "TCP", 443, settings.targetPort());
        return out;
    }

    /// The nodes' own DNS servers answer at these addresses, so the data plane must leave the Service alone.
    static ObjectNode dnsService(List<String> addresses) {
        ObjectNode out = named(DNS);
        Tree.makeObject(out, "metadata", "labels")
                .put("k8s-app", "kube-dns")
                .put("kubernetes.io/name", "CoreDNS")
                .put("service.kubernetes.io/service-proxy-name", "fairway-dns");
        ObjectNode spec = service(out, addresses, addresses.size() > 1 ? "RequireDualStack" : "SingleStack");
        port(spec, "dns", "UDP", 53, 53);
        port(spec, "dns-tcp", "TCP", 53, 53);
        return out;
    }

    /// The addresses of the API servers in the shape of `Endpoints.subsets`.
    static ObjectNode kubernetesEndpoints(SortedMap<Integer, List<String>> servers) {
        ObjectNode out = named(KUBERNETES);
        Tree.makeObject(out, "metadata", "labels").put("endpointslice.kubernetes.io/skip-mirror", "true");
        ArrayNode subsets = out.putArray("subsets");
        servers.forEach((port, ips) -> {
            ObjectNode subset = subsets.addObject();
            ArrayNode addresses = subset.putArray("addresses");
            ips.forEach(ip -> addresses.addObject().put("ip", ip));
            https(subset, port);
        });
        return out;
    }

    /// One slice a port; all servers usually have the same one. Without a server the slice is empty.
    static List<ObjectNode> kubernetesSlices(String addressType, SortedMap<Integer, List<String>> servers) {
        List<ObjectNode> out = new ArrayList<>();
        servers.forEach((port, ips) -> {
            ObjectNode slice = kubernetesSlice(out.isEmpty() ? "" : "-" + port, addressType, ips);
            https(slice, port);
            out.add(slice);
        });
        if (out.isEmpty()) {
            out.add(kubernetesSlice("", addressType, List.of()));
        }
        return out;
    }

    private static ObjectNode kubernetesSlice(String suffix, String addressType, List<String> ips) {
        ObjectNode out = named(new ObjectKey(KUBERNETES.namespace(), KUBERNETES.name() + suffix));
        Tree.makeObject(out, "metadata", "labels").put("kubernetes.io/service-name", KUBERNETES.name());
        out.put("addressType", addressType);
        ArrayNode endpoints = out.putArray("endpoints");
        for (String ip : ips) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(ip);
            endpoint.putObject("conditions").put("ready", true);
        }
        return out;
    }

    private static void https(ObjectNode holder, int port) {
        holder.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
    }

    private static ObjectNode named(ObjectKey key) {
        ObjectNode out = Json.object();
        Tree.makeObject(out, "metadata").put("namespace", key.namespace()).put("name", key.name());
        return out;
    }

    private static ObjectNode service(ObjectNode service, List<String> addresses, String policy) {
        ObjectNode spec = Tree.makeObject(service, "spec");
        spec.put("type", "ClusterIP").put("sessionAffinity", "None").put("ipFamilyPolicy", policy);
        spec.put("clusterIP", addresses.getFirst());
        ArrayNode all = spec.putArray("clusterIPs");
        addresses.forEach(all::add);
        ArrayNode families = spec.putArray("ipFamilies");
        addresses.forEach(
                address -> families.add(IpAddress.parse(address).family().apiName()));
        return spec;
    }

    private static void port(ObjectNode spec, String name, String protocol, int port, int targetPort) {
        Tree.makeArray(spec, "ports")
                .addObject()
                .put("name", name)
                .put("protocol", protocol)
                .put("port", port)
                .put("targetPort", targetPort);
    }
}
