package dev.fairway.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TextPictureTest {

    private static final String BALANCED = """
            'type': 'LoadBalancer', 'clusterIP': '1.1.10.1',
            'ports': [{'port': 3000, 'nodePort': 30080, 'targetPort': 443}]""";

    private static TestCluster cluster() {
        return TestCluster.article()
                .pod("pod-a", "node-1", "1.1.1.65", 80, "ready")
                .pod("pod-b", "node-2", "1.1.1.130", 80, "not ready");
    }

    private static String draw(TestCluster cluster) {
        return TextPicture.draw(cluster.scene());
    }

    @Test
    void podsWithoutService() {
        assertThat(draw(cluster())).isEqualTo("""
                +--------------------------------+  +--------------------------------+
                | node-1  inside 1.1.1.1         |  | node-2  inside 1.1.1.2         |
                | o pod-a 1.1.1.65               |  | . pod-b 1.1.1.130              |
                +--------------------------------+  +--------------------------------+
                """);
    }

    @Test
    void loadBalancerWrapsNodePortWrapsClusterIp() {
        assertThat(draw(cluster().service("service-python", BALANCED, "4.4.5.0")))
                .isEqualTo("""
                                                outside
                                                   |
                                     [ load balancer 4.4.5.0:3000 ]
                v                                   v
                outside 4.4.4.1:30080               outside 4.4.4.2:30080
                +--------------------------------+  +--------------------------------+
                | node-1  inside 1.1.1.1         |  | node-2  inside 1.1.1.2         |
                ==[ service-python 1.1.10.1:3000 -> :443 ]============================
                | o pod-a 1.1.1.65               |  | . pod-b 1.1.1.130              |
                +--------------------------------+  +--------------------------------+
                """);
    }

    @Test
    void severalServicesAreSeveralBands() {
        assertThat(draw(cluster()
                        .service("api", "'type': 'ClusterIP', 'clusterIP': '1.1.10.2', 'ports': [{'port': 80}]", "")
                        .service("db", "'clusterIP': 'None', 'ports': [{'port': 5432}]", "")))
                .contains("==[ api 1.1.10.2:80 -> :80 ]==", "==[ db None:5432 -> :5432 ]==");
    }

    @Test
    void theReadmeShowsWhatIsDrawn() throws Exception {
        TestCluster cluster = TestCluster.article()
                .pod("pod-nginx", "node-1", "1.1.1.66", 80, "ready")
                .pod("pod-python-xxxxxxxxxx-vp6vl", "node-2", "1.1.1.130", 443, "ready")
                .pod("pod-python-xxxxxxxxxx-tzpvx", "node-1", "1.1.1.67", 443, "ready")
                .pod("pod-python-xxxxxxxxxx-x7rms", "node-2", "1.1.1.131", 443, "ready")
                .service("service-python", BALANCED, "4.4.5.1");
        assertThat(Files.readString(Path.of("..", "README.md"))).contains(draw(cluster));
    }

    @Test
    void externalNamePointsOut() {
        assertThat(draw(TestCluster.article().service("service-python", """
                        'type': 'ExternalName', 'externalName': 'remote.server.url.com',
                        'ports': [{'port': 3000, 'targetPort': 443}]""", "")))
                .contains("==[ service-python:3000 ==> remote.server.url.com:443 ]====");
    }
}
