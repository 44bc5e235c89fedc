package dev.fairway.control;

import dev.fairway.address.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// What controllers must be told about the cluster.
///
/// @param kubernetesService the Service `default/kubernetes`
/// @param dnsAddresses the cluster addresses of `kube-system/kube-dns`, the primary family first; empty for no such
///     Service
/// @param caText the cluster's CA certificates as PEM, published in each namespace; asked for each time, since the
///     authority changes now and then
/// @param nodeSilence how long a node may go without renewing its lease before it counts as lost
/// @param endpointsPerSlice the most endpoints in one EndpointSlice
/// @param serviceRanges the blocks of the default ServiceCIDR, the primary family first; empty for no such object
public record Settings(
        KubernetesService kubernetesService,
        List<String> dnsAddresses,
        Supplier<String> caText,
        Duration nodeSilence,
        int endpointsPerSlice,
        List<Cidr> serviceRanges) {

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
        serviceRanges = List.copyOf(serviceRanges);
        if (endpointsPerSlice < 1 || endpointsPerSlice > 1000) {
            throw new IllegalArgumentException("endpointsPerSlice: %d: must be 1 to 1000".formatted(endpointsPerSlice));
        }
    }

    public static Settings of(KubernetesService kubernetesService, List<String> dnsAddresses, Supplier<String> caText) {
        return new Settings(kubernetesService, dnsAddresses, caText, Duration.ofSeconds(40), 100, List.of());
    }

    public Settings withServiceRanges(List<Cidr> ranges) {
        return new Settings(kubernetesService, dnsAddresses, caText, nodeSilence, endpointsPerSlice, ranges);
    }
}
