package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `fairway demo` plays the article, as often as somebody likes to see it.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("first lane")
class DemoTest {

    /// Just after it ended the first two of its three pods are on their way out when the next one begins.
    @Test
    void oneAfterTheOther() {
        try (Cluster cluster = Cluster.started("fwtdemo", 21)) {
            String first = demo(cluster);
            String second = demo(cluster);
            assertThat(first).doesNotContain("kubectl delete svc service-python\n");
            assertThat(second).contains("$ kubectl delete svc service-python\n");
            assertThat(firstStep(second)).doesNotContain("[ service-python");
        }
    }

    private static String demo(Cluster cluster) {
        Run.Result played = cluster.shell("./fairway demo 2>&1");
        assertThat(played.ok())
                .contains("1. Two nodes", "2. ClusterIP", "3. NodePort", "4. LoadBalancer", "5. ExternalName")
                .contains("server=remote.server.url.com");
        return played.out();
    }

    private static String firstStep(String played) {
        return played.substring(0, played.indexOf("2. ClusterIP"));
    }
}
