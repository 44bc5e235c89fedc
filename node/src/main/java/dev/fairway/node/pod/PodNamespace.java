package dev.fairway.node.pod;

/// How the network namespaces of pods are called, for those who look into them.
public final class PodNamespace {

    private static final int UID_LENGTH = 13;

    private PodNamespace() {}

    /// @param cluster the cluster's name
    /// @param uid the pod's
    public static String name(String cluster, String uid) {
        return cluster + "-pod-" + uid.substring(0, Math.min(UID_LENGTH, uid.length()));
    }
}
