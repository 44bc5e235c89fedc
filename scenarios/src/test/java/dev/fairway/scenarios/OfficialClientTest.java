package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.Discovery;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceList;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1ServiceSpec;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official Java client, unchanged: informers, watches, apply, the generic client, discovery.
@Timeout(120)
@ExtendWith(SharedCluster.class)
class OfficialClientTest {

    private static final String NAMESPACE = "official";

    private static ApiClient client;
    private static CoreV1Api core;

    @BeforeAll
    static void start(Cluster cluster) throws IOException {
        cluster.kubectl("create", "namespace", NAMESPACE).ok();
        try (Reader kubeconfig = Files.newBufferedReader(cluster.kubeconfig())) {
            client = ClientBuilder.kubeconfig(KubeConfig.loadKubeConfig(kubeconfig))
                    .build();
        }
        client.setReadTimeout(0);
        core = new CoreV1Api(client);
    }

    @AfterAll
    static void stop() {
        client.getHttpClient().dispatcher().executorService().shutdown();
        client.getHttpClient().connectionPool().evictAll();
    }

    @Test
    void informersFollow() throws Exception {
        Heard heard = new Heard();
        SharedInformerFactory factory = new SharedInformerFactory(client);
        var informer = factory.sharedIndexInformerFor(
                params -> core.listNamespacedService(NAMESPACE)
                        .resourceVersion(params.resourceVersion)
                        .timeoutSeconds(params.timeoutSeconds)
                        .watch(params.watch)
                        .buildCall(null),
                V1Service.class,
                V1ServiceList.class);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(V1Service service) {
                heard.add("add " + service.getMetadata().getName());
            }

            @Override
            public void onUpdate(V1Service old, V1Service now) {
                heard.add("update " + now.getMetadata().getName());
            }

            @Override
            public void onDelete(V1Service service, boolean unknown) {
                heard.add("delete " + service.getMetadata().getName());
            }
        });
        factory.startAllRegisteredInformers();
        try {
            V1Service made =
                    core.createNamespacedService(NAMESPACE, service("informed")).execute();
            heard.expect("add informed");
            made.getSpec().getPorts().getFirst().setPort(81);
            core.replaceNamespacedService("informed", NAMESPACE, made).execute();
            heard.expect("update informed");
            core.deleteNamespacedService("informed", NAMESPACE).execute();
            heard.expect("delete informed");
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    @Test
    void watchesGoOnFromAList() throws Exception {
        String from =
                core.listNamespacedConfigMap(NAMESPACE).execute().getMetadata().getResourceVersion();
        core.createNamespacedConfigMap(NAMESPACE, map("watched")).execute();
        core.deleteNamespacedConfigMap("watched", NAMESPACE).execute();
        var call = core.listNamespacedConfigMap(NAMESPACE)
                .watch(true)
                .resourceVersion(from)
                .fieldSelector("metadata.name=watched")
                .timeoutSeconds(2)
                .buildCall(null);
        List<String> heard = new ArrayList<>();
        var type = new TypeToken<Watch.Response<V1ConfigMap>>() {}.getType();
        try (Watch<V1ConfigMap> watch = Watch.createWatch(client, call, type)) {
            for (Watch.Response<V1ConfigMap> event : watch) {
                heard.add(event.type);
            }
        }
        assertThat(heard).containsExactly("ADDED", "DELETED");
    }

    @Test
    void applyAndThePatchKinds() throws Exception {
        String applied = """
            {"apiVersion": "v1", "kind": "Service",
             "metadata": {"name": "applied", "labels": {"by": "apply"}},
             "spec": {"ports": [{"port": 80, "protocol": "TCP"}]}}""";
        V1Service made = patch(V1Patch.PATCH_FORMAT_APPLY_YAML, applied);
        assertThat(made.getMetadata().getLabels()).containsEntry("by", "apply");
        assertThat(made.getSpec().getClusterIP()).isNotEmpty();
        for (String format :
                List.of(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH)) {
            V1Service patched = patch(format, "{\"metadata\": {\"labels\": {\"by\": \"merge\"}}}");
            assertThat(patched.getMetadata().getLabels()).containsEntry("by", "merge");
        }
        V1Service last = patch(
                V1Patch.PATCH_FORMAT_JSON_PATCH,
                "[{\"op\": \"replace\", \"path\": \"/metadata/labels/by\", \"value\": \"json\"}]");
        assertThat(last.getMetadata().getLabels()).containsEntry("by", "json");
    }

    private static V1Service patch(String format, String body) throws ApiException {
        boolean apply = format.equals(V1Patch.PATCH_FORMAT_APPLY_YAML);
        return PatchUtils.patch(
                V1Service.class,
                () -> {
                    var request = core.patchNamespacedService("applied", NAMESPACE, new V1Patch(body));
                    return (apply ? request.fieldManager("suite").force(true) : request).buildCall(null);
                },
                format,
                client);
    }

    @Test
    void theGenericClientReadsWritesAndTellsRefusals() {
        var maps = new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client);
        assertThat(maps.create(map("generic")).isSuccess()).isTrue();
        assertThat(maps.create(map("generic")).getHttpStatusCode()).isEqualTo(409);
        V1ConfigMap read = maps.get(NAMESPACE, "generic").getObject();
        read.setData(Map.of("a", "b"));
        assertThat(maps.update(read).getObject().getData()).containsEntry("a", "b");
        assertThat(maps.update(read).getStatus().getReason()).isEqualTo("Conflict");
        assertThat(maps.list(NAMESPACE).getObject().getItems()).isNotEmpty();
        assertThat(maps.delete(NAMESPACE, "generic").isSuccess()).isTrue();
        assertThat(maps.get(NAMESPACE, "generic").getHttpStatusCode()).isEqualTo(404);
    }

    @Test
    void discoveryFindsTheCollections() throws Exception {
        assertThat(new Discovery(client).findAll())
                .extracting(Discovery.APIResource::getResourcePlural)
                .contains("services", "endpointslices", "deployments");
    }

    @Test
    void aRefusalCarriesItsStatus() {
        V1Service wrong = service("wrong");
        wrong.getSpec().getPorts().getFirst().setPort(70000);
        ApiException refusal = catchThrowableOfType(
                ApiException.class,
                () -> core.createNamespacedService(NAMESPACE, wrong).execute());
        assertThat(refusal.getCode()).isEqualTo(422);
        assertThat(refusal.getResponseBody()).contains("spec.ports[0].port");
    }

    private static V1ConfigMap map(String name) {
        return new V1ConfigMap()
                .apiVersion("v1")
                .kind("ConfigMap")
                .metadata(new V1ObjectMeta().name(name).namespace(NAMESPACE));
    }

    private static V1Service service(String name) {
        return new V1Service()
                .metadata(new V1ObjectMeta().name(name).namespace(NAMESPACE))
                .spec(new V1ServiceSpec()
                        .selector(Map.of("app", name))
                        .ports(new ArrayList<>(List.of(new V1ServicePort().port(80)))));
    }
}
