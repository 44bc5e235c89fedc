package dev.fairway.api.kind;

import java.util.List;
import java.util.Optional;

/// What may follow an object's name in a path.
public enum Subresource {
    STATUS("status", "", "get,patch,update"),
    SCALE("scale", "Scale", "get,patch,update"),
    FINALIZE("finalize", "", "update"),
    BINDING("binding", "Binding", "create"),
    EVICTION("eviction", "Eviction", "create"),
    LOG("log", "", "get"),
    EXEC("exec", "PodExecOptions", "create,get"),
    ATTACH("attach", "PodAttachOptions", "create,get"),
    PORT_FORWARD("portforward", "PodPortForwardOptions", "create,get"),
    TOKEN("token", "TokenRequest", "create"),
    PROXY("proxy", "", "create,delete,get,patch,update");

    private final String path;
    private final String kind;
    private final String verbs;

    Subresource(String path, String kind, String verbs) {
        this.path = path;
        this.kind = kind;
        this.verbs = verbs;
    }

    /// The path segment.
    public String path() {
        return path;
    }

    /// The kind it speaks; empty when it is that of the object.
    public String kind() {
        return kind;
    }

    /// In the order of discovery.
    public List<String> verbs() {
        return List.of(verbs.split(","));
    }

    public static Optional<Subresource> find(String path) {
        for (Subresource each : values()) {
            if (each.path.equals(path)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
