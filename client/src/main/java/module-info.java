/// The ApiClient that speaks HTTP: it lists, watches and writes at a Kubernetes API server somewhere else.
///
/// It may touch: HTTP sockets, and the files that a kubeconfig names.
/// It never keeps a copy of a collection (that is Mirror's work) and never knows what a kind means.
/// Start at RemoteApiClient.
@org.jspecify.annotations.NullMarked
module dev.fairway.client {
    requires static transitive org.jspecify;
    requires transitive dev.fairway.schema;
    requires kubernetes.client.api;
    requires io.fabric8.kubernetes.client.jdkhttp;
    requires java.net.http;

    exports dev.fairway.client;
}
