package dev.fairway.picture;

/// Which objects a picture shows.
///
/// @param namespace empty for all
/// @param service the only Service to show; empty for all
public record Choice(String namespace, String service) {

    /// The API server's own Service, which every cluster has: shown only when it is asked for by name.
    private static final String API_NAMESPACE = "default";

    private static final String API_SERVICE = "kubernetes";

    boolean includes(String itsNamespace) {
        return namespace.isEmpty() || namespace.equals(itsNamespace);
    }

    boolean includesService(String itsNamespace, String itsName) {
        boolean apiServer = itsNamespace.equals(API_NAMESPACE) && itsName.equals(API_SERVICE);
        return includes(itsNamespace) && (service.isEmpty() ? !apiServer : service.equals(itsName));
    }

    String title() {
        if (!service.isEmpty()) {
            return "Service " + service + " in namespace " + namespace;
        }
        return namespace.isEmpty() ? "Services of all namespaces" : "Services in namespace " + namespace;
    }
}
