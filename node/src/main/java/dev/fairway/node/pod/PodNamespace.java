package dev.fairway.node.pod;

/// How the network namespaces of pods and their links are called, for those who look at them.
public final class PodNamespace {

    /// A pod's only link but the loopback.
    public static final String POD_LINK = "eth0";

    private static final int UID_LENGTH = 13;

    private PodNamespace() {}

    /// @param cluster the cluster's name
    /// @param uid the pod's
    public static String name(String cluster, String uid) {
        return cluster + "-pod-" + cut(uid);
    }

    /// The node's end of the pod's pair of links; at most 15 characters.
    public static String nodeLink(String uid) {
        return "p-" + cut(uid.replace("-", ""));
    }

    private static String cut(String uid) {
        return uid.substring(0, Math.min(UID_LENGTH, uid.length()));
    }
}
