package dev.fairway.control;

import dev.fairway.schema.Resource;
import java.time.Duration;
import java.util.List;

/// What controllers must be told about the cluster.
///
/// @param kubernetesService the Service `default/kubernetes`
/// @param dnsAddresses the cluster addresses of `kube-system/kube-dns`, the primary family first; empty for no such
///     Service
/// @param caText the cluster's CA certificate as PEM, published in each namespace
/// @param nodeSilence how long a node may go without renewing its lease before it counts as lost
/// @param endpointsPerSlice the most endpoints in one EndpointSlice
/// @param namespaced all namespaced collections that the API serves: what a namespace's deletion empties and what
///     ownership clean-up watches
public record Settings(
        KubernetesService kubernetesService,
        List<String> dnsAddresses,
        String caText,
        Duration nodeSilence,
        int endpointsPerSlice,
        List<Resource> namespaced) {

    /// @param address its cluster address
    /// @param endpoints addresses of the API servers; may be empty
    /// @param targetPort the port at which they listen
    public record KubernetesService(String address, List<String> endpoints, int targetPort) {
        public KubernetesService {
            endpoints = List.copyOf(endpoints);
        }
    }

    public Settings {
        dnsAddresses = List.copyOf(dnsAddresses);
        namespaced = List.copyOf(namespaced);
        if (endpointsPerSlice < 1 || endpointsPerSlice > 1000) {
            throw new IllegalArgumentException("endpointsPerSlice: %d: must be 1 to 1000".formatted(endpointsPerSlice));
        }
    }

    public static Settings of(KubernetesService kubernetesService, List<String> dnsAddresses, String caText) {
        List<Resource> namespaced = List.of(
                Resource.PODS,
                Resource.SERVICES,
                Resource.ENDPOINTS,
                Resource.ENDPOINT_SLICES,
                Resource.REPLICA_SETS,
                Resource.DEPLOYMENTS,
                Resource.DAEMON_SETS,
                Resource.REPLICATION_CONTROLLERS,
                Resource.CONFIG_MAPS,
                Resource.SECRETS,
                Resource.SERVICE_ACCOUNTS,
                Resource.LEASES,
                Resource.INGRESSES,
                Resource.NETWORK_POLICIES,
                Resource.ROLES,
                Resource.ROLE_BINDINGS,
                Resource.EVENTS);
        return new Settings(kubernetesService, dnsAddresses, caText, Duration.ofSeconds(40), 100, namespaced);
    }
}
