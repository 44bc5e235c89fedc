package dev.fairway.dataplane;

/// Why a node does not let a packet to a Service pass.
public enum DropReason {

    /// Refused: no node has an endpoint.
    NO_ENDPOINTS,

    /// Dropped: under the policy `Local`, and this node has no endpoint.
    NO_LOCAL_ENDPOINT,

    /// Dropped: the client is not in `loadBalancerSourceRanges`.
    SOURCE_RANGES;

    /// As metrics have it.
    public String label() {
        return switch (this) {
            case NO_ENDPOINTS -> "no-endpoints";
            case NO_LOCAL_ENDPOINT -> "no-local-endpoint";
            case SOURCE_RANGES -> "source-ranges";
        };
    }
}
