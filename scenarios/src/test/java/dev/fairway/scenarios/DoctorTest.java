package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// `fairway doctor` on a real machine and a real cluster: nothing is wrong, then something is, then nothing again.
class DoctorTest {

    private static final Repository REPOSITORY = Repository.find();

    /// Rules of another program that drop what reaches the node's name server and health port.
    private static final String BLOCK = """
            add table inet foreign
            add chain inet foreign input { type filter hook input priority -10; }
            add rule inet foreign input meta l4proto { tcp, udp } th dport { 53, 10256 } drop
            """;

    @Test
    void itFindsWhatIsBrokenAndNothingElse() {
        try (Cluster cluster = Cluster.started("fwtdoctor", 19)) {
            Map<String, String> healthy = doctor(cluster, 0);
            assertThat(healthy.values()).isSubsetOf("ok", "warning", "skipped");
            assertThat(healthy)
                    .containsEntry("api/ready", "ok")
                    .containsEntry("api/certificates", "ok")
                    .containsEntry("node/forwarding", "ok")
                    .containsEntry("dns/answers", "ok")
                    .containsEntry("lb/addresses", "ok");

            cluster.onNode("node-1", "nft", BLOCK).ok();
            assertThat(failed(doctor(cluster, 1))).containsExactly("dns/answers", "node/forwarding");
            cluster.onNode("node-1", "nft", "delete table inet foreign").ok();
            assertThat(doctor(cluster, 0)).isEqualTo(healthy);

            String page = REPOSITORY.read("docs/reference/checks.md");
            assertThat(healthy.keySet()).allSatisfy(id -> assertThat(page).contains("\n### " + id + "\n"));
        }
    }

    @Test
    void withoutAClusterTheMachineIsCheckedAllTheSame() {
        Run.Result pre = Cluster.fairway("doctor", "--pre", "--state", "/tmp/fwt-no-cluster");
        assertThat(pre.out()).contains("machine/nftables").doesNotContain("api/ready");

        Run.Result whole = Cluster.fairway("doctor", "--state", "/tmp/fwt-no-cluster");
        assertThat(whole.exitCode()).isEqualTo(1);
        assertThat(whole.out()).contains("failed   api/ready", "no cluster of /tmp/fwt-no-cluster runs here");
    }

    @Test
    void whoIsNotRootHearsWhatIsMissing() {
        Run.Result result = Run.command(
                List.of(
                        "setpriv",
                        "--bounding-set=-all",
                        "--inh-caps=-all",
                        Rehearsed.LAUNCHER,
                        "doctor",
                        "--pre",
                        "--state",
                        "/tmp/fwt-no-cluster"),
                Map.of("FAIRWAY_NO_BUILD", "1"),
                "");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.out())
                .contains("failed   machine/privilege", "EPERM", "skipped  machine/nftables")
                .contains("ok       machine/disk");
    }

    private static String state(Cluster cluster) {
        return cluster.state().toString();
    }

    /// What each check found.
    private static Map<String, String> doctor(Cluster cluster, int exitCode) {
        Run.Result result = Cluster.fairway("doctor", "-o", "json", "--state", state(cluster));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        Map<String, String> out = new TreeMap<>();
        for (ObjectNode check : Tree.objects(Json.parse(result.out()), "checks")) {
            out.put(Tree.text(check, "id"), Tree.text(check, "result"));
        }
        return out;
    }

    private static List<String> failed(Map<String, String> found) {
        return found.entrySet().stream()
                .filter(each -> each.getValue().equals("failed"))
                .map(Map.Entry::getKey)
                .toList();
    }
}
