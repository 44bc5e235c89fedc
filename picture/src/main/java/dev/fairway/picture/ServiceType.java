package dev.fairway.picture;

/// The four types of a Service, each built on the one before; the last points out of the cluster.
public enum ServiceType {
    CLUSTER_IP("ClusterIP"),
    NODE_PORT("NodePort"),
    LOAD_BALANCER("LoadBalancer"),
    EXTERNAL_NAME("ExternalName");

    private final String apiName;

    ServiceType(String apiName) {
        this.apiName = apiName;
    }

    /// As in `spec.type`.
    public String apiName() {
        return apiName;
    }

    /// The type of that name; what an API of tomorrow may add counts as the plainest one.
    static ServiceType of(String apiName) {
        for (ServiceType type : values()) {
            if (type.apiName.equals(apiName)) {
                return type;
            }
        }
        return CLUSTER_IP;
    }

    /// Whether its traffic comes in by ports of the nodes.
    public boolean hasNodePorts() {
        return this == NODE_PORT || this == LOAD_BALANCER;
    }
}
