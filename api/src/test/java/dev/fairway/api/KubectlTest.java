package dev.fairway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KubectlTest {

    private static Cluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = Cluster.start();
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    @Test
    void theServerSaysWhatItIs() throws Exception {
        assertThat(cluster.kubectl("version").out()).contains("Server Version: v1.33.0+fairway");
        assertThat(cluster.kubectl("get", "--raw", "/readyz?verbose").out()).contains("readyz check passed");
        assertThat(cluster.kubectl("api-resources").out()).contains("services", "svc", "deploy", "apps/v1");
        System.out.println(cluster.kubectl("get", "ns").all());
        System.out.println(cluster.kubectl("get", "svc").all());
        System.out.println(cluster.kubectl("get", "svc", "web").all());
    }
}
