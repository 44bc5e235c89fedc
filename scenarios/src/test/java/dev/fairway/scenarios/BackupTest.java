package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.api.security.CertificateAuthority;
import dev.fairway.schema.Json;
import dev.fairway.schema.Meta;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// `fairway backup` copies a living cluster, and `fairway restore` brings back what it was then, keys included.
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("second lane")
class BackupTest {

    @TempDir
    Path folder;

    private Run.Result kubectl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kubectl"));
        command.addAll(List.of(arguments));
        String kubeconfig = folder.resolve("state/kubeconfig").toString();
        return Run.command(command, Map.of("KUBECONFIG", kubeconfig), "");
    }

    private String facts() {
        return kubectl("get", "svc", "web", "-o", "jsonpath={.metadata.uid} {.spec.clusterIPs} {.spec.ports}")
                .ok();
    }

    private long revision() {
        String list =
                kubectl("get", "--raw", "/api/v1/namespaces/default/services").ok();
        return Long.parseLong(Meta.resourceVersion(Json.parse(list)));
    }

    @Test
    void whatWasBackedUpComesBack() throws Exception {
        Path state = folder.resolve("state");
        Path file = folder.resolve("monday.zip");
        HttpClient http = Admission.client(CertificateAuthority.open(state.resolve("pki"), InstantSource.system()));
        String facts;
        long revision;
        try (ServerProcess server = ServerProcess.start(state, "sqlite")) {
            server.awaitReady(http);
            kubectl("create", "service", "nodeport", "web", "--tcp=80").ok();
            facts = facts();
            Cluster.fairway("backup", file.toString(), "--state", state.toString())
                    .ok();
            kubectl("delete", "svc", "web").ok();
            kubectl("create", "service", "clusterip", "later", "--tcp=80").ok();
            revision = revision();
            assertThat(Cluster.fairway("restore", file.toString(), "--state", state.toString())
                            .err())
                    .contains("runs; first run: fairway down");
        }
        Cluster.fairway("restore", file.toString(), "--state", state.toString()).ok();
        try (ServerProcess server = ServerProcess.start(state, "sqlite")) {
            server.awaitReady(http);
            assertThat(facts()).isEqualTo(facts);
            assertThat(kubectl("get", "svc", "later").err()).contains("\"later\" not found");
            assertThat(revision()).isGreaterThan(revision);
        }
        http.shutdownNow();
    }
}
