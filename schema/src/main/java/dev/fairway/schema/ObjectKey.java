package dev.fairway.schema;

/// Namespace and name of an object within its collection; the namespace is empty for cluster-wide kinds.
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

    @Override
    public int compareTo(ObjectKey other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /// `namespace/name`, or only the name.
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
