package dev.fairway.bench;

import dev.fairway.schema.LeanJson;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/// An API that has Services and their EndpointSlices and keeps none of them: each is made when it is asked for.
final class GeneratedApi implements ApiClient {

    private static final int NODES = 100;
    private static final int PAGE = 500;

    private final int services;
    private final int endpoints;
    private final Map<Resource, WatchListener> watchers = new ConcurrentHashMap<>();
    private int revision = 1;

    GeneratedApi(int services, int endpoints) {
        this.services = services;
        this.endpoints = endpoints;
    }

    /// One endpoint of a Service becomes another one. After as many changes as there are Services each of them has what
    /// it had before, changed once more.
    ///
    /// @param number 1 for the first change, and one more for each
    /// @return the Service's slice as its watcher is to read it
    synchronized byte[] change(int number) {
        revision++;
        int shift = 1 - (number - 1) / services % 2;
        return bytes(slice(Cluster.number(number, services), shift));
    }

    /// The watcher hears of the change.
    void tell(byte[] slice) {
        Optional.ofNullable(watchers.get(Resource.ENDPOINT_SLICES))
                .orElseThrow()
                .changed(ChangeKind.MODIFIED, LeanJson.parse(slice));
    }

    @Override
    public Listing list(Resource resource, String namespace, Selection selection) {
        List<ObjectNode> items = new ArrayList<>();
        return new Listing(items, listEach(resource, namespace, selection, items::add));
    }

    /// A page at a time, as text, as a client over HTTP has it.
    @Override
    public String listEach(Resource resource, String namespace, Selection selection, Consumer<ObjectNode> each) {
        for (int from = 0; from < services; from += PAGE) {
            LeanJson.parseList(page(resource, from, Math.min(services, from + PAGE)), each);
        }
        return "1";
    }

    private byte[] page(Resource resource, int from, int to) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        page.writeBytes(bytes("{\"items\":["));
        String separator = "";
        for (int service = from; service < to; service++) {
            if (resource.equals(Resource.SERVICES)) {
                page.writeBytes(bytes(separator + service(service)));
                separator = ",";
            } else if (resource.equals(Resource.ENDPOINT_SLICES)) {
                page.writeBytes(bytes(separator + slice(service, 0)));
                separator = ",";
            }
        }
        page.writeBytes(bytes("]}"));
        return page.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String service(int number) {
        return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"s%1$d","namespace":"bench",\
                "uid":"5f1c2d3e-0000-4000-8000-%1$012d","resourceVersion":"1","creationTimestamp":"2026-11-27T00:00:00Z",\
                "labels":{"app":"s%1$d"}},"spec":{"clusterIP":"%2$s","clusterIPs":["%2$s"],\
                "internalTrafficPolicy":"Cluster","ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",\
                "ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":8080}],"selector":{"app":"s%1$d"},\
                "sessionAffinity":"None","type":"ClusterIP"},"status":{"loadBalancer":{}}}\
                """.formatted(number, Cluster.clusterIp(number));
    }

    private String slice(int service, int shift) {
        String all = IntStream.range(0, endpoints)
                .mapToObj(endpoint -> endpoint(service, endpoint + shift))
                .collect(Collectors.joining(","));
        return """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s%1$d-x7k2p",\
                "namespace":"bench","uid":"6f1c2d3e-0000-4000-8000-%1$012d","resourceVersion":"%2$d",\
                "creationTimestamp":"2026-11-27T00:00:00Z","generateName":"s%1$d-",\
                "labels":{"app":"s%1$d","endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io",\
                "kubernetes.io/service-name":"s%1$d"},"ownerReferences":[{"apiVersion":"v1","blockOwnerDeletion":true,\
                "controller":true,"kind":"Service","name":"s%1$d","uid":"5f1c2d3e-0000-4000-8000-%1$012d"}]},\
                "addressType":"IPv4","endpoints":[%3$s],"ports":[{"name":"http","port":8080,"protocol":"TCP"}]}\
                """.formatted(service, revision, all);
    }

    private static String endpoint(int service, int number) {
        return """
                {"addresses":["%1$s"],"conditions":{"ready":true,"serving":true,"terminating":false},\
                "nodeName":"node-%2$d","targetRef":{"kind":"Pod","name":"s%3$d-7d9f8b6c5-%4$05d","namespace":"bench",\
                "uid":"7f1c2d3e-0000-4000-8000-%3$06d%4$06d"},"zone":"zone-%5$d"}\
                """.formatted(
                        Cluster.endpoint(service, number),
                        (service + number) % NODES,
                        service,
                        number,
                        number % 3);
    }

    @Override
    public Subscription watch(
            Resource resource, String namespace, Selection selection, String resourceVersion, WatchListener listener) {
        watchers.put(resource, listener);
        return () -> listener.closed(Optional.empty());
    }

    @Override
    public List<Resource> resources() {
        return List.of();
    }

    @Override
    public Optional<ObjectNode> get(Resource resource, String namespace, String name) {
        return Optional.empty();
    }

    // ---- who forwards only reads

    @Override
    public ObjectNode create(Resource resource, ObjectNode object) {
        throw new UnsupportedOperationException("create " + resource);
    }

    @Override
    public ObjectNode update(Resource resource, ObjectNode object) {
        throw new UnsupportedOperationException("update " + resource);
    }

    @Override
    public ObjectNode updateStatus(Resource resource, ObjectNode object) {
        throw new UnsupportedOperationException("update " + resource);
    }

    @Override
    public ObjectNode patch(
            Resource resource, String namespace, String name, String subresource, ObjectNode mergePatch) {
        throw new UnsupportedOperationException("patch " + resource);
    }

    @Override
    public ObjectNode createSubresource(
            Resource resource, String namespace, String name, String subresource, ObjectNode body) {
        throw new UnsupportedOperationException("create " + subresource);
    }

    @Override
    public void delete(Resource resource, String namespace, String name, DeleteOptions options) {
        throw new UnsupportedOperationException("delete " + resource);
    }
}
