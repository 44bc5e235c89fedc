package dev.fairway.schema;

/// The address of a served collection: `services` of group `""` version `v1`, say.
///
/// @param group empty for the core group
/// @param plural the collection's name in paths
/// @param kind the name in `kind:` fields
/// @param namespaced false for cluster-wide kinds
public record Resource(String group, String version, String plural, String kind, boolean namespaced) {

    public static final Resource NAMESPACES = new Resource("", "v1", "namespaces", "Namespace", false);
    public static final Resource NODES = new Resource("", "v1", "nodes", "Node", false);
    public static final Resource PODS = new Resource("", "v1", "pods", "Pod", true);
    public static final Resource SERVICES = new Resource("", "v1", "services", "Service", true);
    public static final Resource ENDPOINTS = new Resource("", "v1", "endpoints", "Endpoints", true);
    public static final Resource EVENTS = new Resource("", "v1", "events", "Event", true);
    public static final Resource CONFIG_MAPS = new Resource("", "v1", "configmaps", "ConfigMap", true);
    public static final Resource SECRETS = new Resource("", "v1", "secrets", "Secret", true);
    public static final Resource SERVICE_ACCOUNTS = new Resource("", "v1", "serviceaccounts", "ServiceAccount", true);
    public static final Resource REPLICATION_CONTROLLERS =
            new Resource("", "v1", "replicationcontrollers", "ReplicationController", true);
    public static final Resource REPLICA_SETS = new Resource("apps", "v1", "replicasets", "ReplicaSet", true);
    public static final Resource DEPLOYMENTS = new Resource("apps", "v1", "deployments", "Deployment", true);
    public static final Resource DAEMON_SETS = new Resource("apps", "v1", "daemonsets", "DaemonSet", true);
    public static final Resource ENDPOINT_SLICES =
            new Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true);
    public static final Resource LEASES = new Resource("coordination.k8s.io", "v1", "leases", "Lease", true);

    public static final Resource EVENTS_V1 = new Resource("events.k8s.io", "v1", "events", "Event", true);
    public static final Resource SERVICE_CIDRS =
            new Resource("networking.k8s.io", "v1", "servicecidrs", "ServiceCIDR", false);
    public static final Resource IP_ADDRESSES =
            new Resource("networking.k8s.io", "v1", "ipaddresses", "IPAddress", false);
    public static final Resource INGRESSES = new Resource("networking.k8s.io", "v1", "ingresses", "Ingress", true);
    public static final Resource INGRESS_CLASSES =
            new Resource("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false);
    public static final Resource NETWORK_POLICIES =
            new Resource("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true);
    public static final Resource ROLES = new Resource("rbac.authorization.k8s.io", "v1", "roles", "Role", true);
    public static final Resource ROLE_BINDINGS =
            new Resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true);
    public static final Resource CLUSTER_ROLES =
            new Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false);
    public static final Resource CLUSTER_ROLE_BINDINGS =
            new Resource("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", false);

    /// `v1` or `group/version`, as in `apiVersion:` fields.
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /// `services` or `deployments.apps`, as in error messages.
    public String qualifiedName() {
        return group.isEmpty() ? plural : plural + "." + group;
    }
}
