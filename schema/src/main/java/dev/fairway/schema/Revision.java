package dev.fairway.schema;

/// Resource versions as numbers: they grow with every change of a collection (KEP-5504).
public final class Revision {

    private Revision() {}

    /// 0 for what is no number, so that nothing waits for it.
    public static long of(String resourceVersion) {
        return !resourceVersion.isEmpty()
                        && resourceVersion.length() < 19
                        && resourceVersion.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Long.parseLong(resourceVersion)
                : 0;
    }
}
