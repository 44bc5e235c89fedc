package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// A small operator made with the Java Operator SDK: every ConfigMap with a label gets a Service that follows it.
@Timeout(120)
@ExtendWith(SharedCluster.class)
class OperatorTest {

    private static final String NAMESPACE = "operator";

    private KubernetesClient client;
    private Operator operator;

    @BeforeEach
    void start(Cluster cluster) {
        client = Fabric8.client(cluster, NAMESPACE);
        operator = new Operator(overrides -> overrides.withKubernetesClient(client));
        operator.register(
                new Exposer(), settings -> settings.settingNamespace(NAMESPACE).withLabelSelector("exposed=yes"));
        operator.start();
    }

    @AfterEach
    void stop() {
        operator.stop();
        client.close();
    }

    @Test
    void theDependentFollowsItsPrimaryAndIsRepaired() {
        ConfigMap map = client.resource(exposed("80")).create();
        Service made = until(service -> true);
        assertThat(made.getOwnerReferenceFor(map)).isPresent();

        client.resource(exposed("81")).update();
        until(service -> service.getSpec().getPorts().getFirst().getPort() == 81);

        client.services().withName("web").delete();
        until(service ->
                !service.getMetadata().getUid().equals(made.getMetadata().getUid()));
    }

    private Service until(Predicate<Service> condition) {
        return client.services()
                .withName("web")
                .waitUntilCondition(it -> it != null && condition.test(it), 60, TimeUnit.SECONDS);
    }

    private static ConfigMap exposed(String port) {
        ConfigMap map = Fabric8.map("web", "exposed", "yes");
        map.setData(Map.of("port", port));
        return map;
    }

    /// The operator's reconciler: its dependent does all the work.
    @Workflow(dependents = @Dependent(type = ExposingService.class))
    @ControllerConfiguration(generationAwareEventProcessing = false)
    static final class Exposer implements Reconciler<ConfigMap> {
        @Override
        public UpdateControl<ConfigMap> reconcile(ConfigMap map, Context<ConfigMap> context) {
            return UpdateControl.noUpdate();
        }
    }

    /// The Service of a ConfigMap.
    static final class ExposingService extends CRUDKubernetesDependentResource<Service, ConfigMap> {
        @Override
        protected Service desired(ConfigMap map, Context<ConfigMap> context) {
            Service service = Fabric8.service(map.getMetadata().getName(), "by", "operator");
            service.getMetadata().setNamespace(map.getMetadata().getNamespace());
            service.getSpec()
                    .getPorts()
                    .getFirst()
                    .setPort(Integer.parseInt(map.getData().get("port")));
            return service;
        }
    }
}
