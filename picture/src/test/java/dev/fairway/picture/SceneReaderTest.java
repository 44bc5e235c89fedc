package dev.fairway.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SceneReaderTest {

    private static Scene read(TestCluster cluster, String namespace, String service) {
        return SceneReader.read(cluster.objects(), new Choice(namespace, service));
    }

    @Test
    void nodesAreInTheOrderOfTheirNumbers() {
        TestCluster cluster =
                new TestCluster().node("node-10", "", "").node("node-2", "", "").node("edge", "", "");
        assertThat(cluster.scene().nodes()).extracting(SceneNode::name).containsExactly("edge", "node-2", "node-10");
    }

    @Test
    void theApiServersOwnServiceIsShownOnlyWhenAskedFor() {
        TestCluster cluster = new TestCluster().service("kubernetes", "'clusterIP': '10.96.0.1'", "");
        assertThat(read(cluster, "default", "").services()).isEmpty();
        assertThat(read(cluster, "default", "kubernetes").services()).hasSize(1);
    }

    @Test
    void endedPodsAreLeftOut() {
        ObjectNode done = TestCluster.json(
                "{'metadata': {'namespace': 'default', 'name': 'job'}, 'status': {'phase': 'Succeeded'}}");
        Scene scene = SceneReader.read(
                new ClusterObjects(List.of(), List.of(done), List.of(), List.of()), new Choice("default", ""));
        assertThat(scene.pods()).isEmpty();
    }

    @Test
    void aPodOfTwoFamiliesIsOneEndpoint() {
        Scene scene = Situations.named("dual-stack");
        assertThat(scene.services().getFirst().endpoints())
                .hasSize(2)
                .allSatisfy(endpoint -> assertThat(endpoint.addresses()).hasSize(2));
    }

    @Test
    void onlyTheAskedNamespaceIsRead() {
        TestCluster cluster = new TestCluster()
                .serviceIn("shop", "web", "'clusterIP': '10.96.0.2'", "")
                .serviceIn("blog", "web", "'clusterIP': '10.96.0.3'", "");
        assertThat(read(cluster, "shop", "").services())
                .extracting(service -> service.service().toString())
                .containsExactly("shop/web");
        assertThat(read(cluster, "", "").services()).hasSize(2);
    }

    @Test
    void isJsonForPrograms() {
        String services = """
                [{'namespace':'default','name':'service-python','type':'ExternalName','headless':false,\
                'addresses':[],'ports':[{'name':'','protocol':'TCP','port':3000,'targetPort':'443',\
                'nodePort':0}],'loadBalancer':[],'externalName':'remote.server.url.com',\
                'internalTrafficPolicy':'Cluster','externalTrafficPolicy':'Cluster','endpoints':[]}]
                """;
        assertThat(Json.toText(SceneJson.of(Situations.named("external-name")).get("services")))
                .isEqualTo(services.strip().replace('\'', '"'));
    }
}
