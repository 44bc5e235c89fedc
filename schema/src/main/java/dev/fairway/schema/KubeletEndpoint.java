package dev.fairway.schema;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a node answers for its pods as kubelet does, as its Node tells it: the port is kubelet's own field, and an
/// annotation says which certificate a caller will see.
///
/// @param certificate its SHA-256 in hexadecimal
public record KubeletEndpoint(int port, String certificate) {

    /// kubelet's own.
    public static final int USUAL_PORT = 10_250;

    /// Annotation of a Node: the certificate by which API servers know that they have reached it.
    public static final String CERTIFICATE = "fairway.dev/kubelet-certificate-sha256";

    private static final String ENDPOINTS = "daemonEndpoints";

    /// Empty when the Node tells no port, or no certificate.
    public static Optional<KubeletEndpoint> of(JsonNode node) {
        int port = (int) Tree.number(node, 0, "status", ENDPOINTS, "kubeletEndpoint", "Port");
        String certificate = Meta.annotation(node, CERTIFICATE);
        return port > 0 && !certificate.isEmpty()
                ? Optional.of(new KubeletEndpoint(port, certificate))
                : Optional.empty();
    }

    /// Makes a patch of a Node name the certificate; without an endpoint one that was named before goes.
    public static void patchMetadata(ObjectNode patch, Optional<KubeletEndpoint> endpoint) {
        ObjectNode annotations = Tree.makeObject(patch, "metadata", "annotations");
        endpoint.ifPresentOrElse(
                it -> annotations.put(CERTIFICATE, it.certificate), () -> annotations.putNull(CERTIFICATE));
    }

    /// Makes a patch of a Node's status tell the port; without an endpoint one that was told before goes.
    public static void patchStatus(ObjectNode patch, Optional<KubeletEndpoint> endpoint) {
        ObjectNode status = Tree.makeObject(patch, "status");
        endpoint.ifPresentOrElse(
                it -> status.putObject(ENDPOINTS).putObject("kubeletEndpoint").put("Port", it.port),
                () -> status.putNull(ENDPOINTS));
    }
}
