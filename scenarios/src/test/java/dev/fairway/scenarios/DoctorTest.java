package dev.fairway.scenarios;

import static dev.fairway.scenarios.Eventually.within;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `fairway doctor` on a real cluster: nothing is wrong, then something is, then, by the command that it gives, nothing
/// again.
class DoctorTest {

    private static final Repository REPOSITORY = Repository.find();

    /// Rules of another program that drop what reaches the node's name server and health port.
    private static final String BLOCK = """
            add table inet foreign
            add chain inet foreign input { type filter hook input priority -10; }
            add rule inet foreign input meta l4proto { tcp, udp } th dport { 53, 10256 } drop
            """;

    /// A certificate of the same key that ended long ago.
    private static final String EXPIRE = """
            set -e; work=$(mktemp -d); trap 'rm -rf $work' EXIT; cd $FAIRWAY_STATE/pki
            : >$work/index; echo 01 >$work/serial
            cat >$work/ca.cnf <<END
            [ca]
            default_ca = here
            [here]
            dir = $work
            database = $work/index
            serial = $work/serial
            new_certs_dir = $work
            default_md = sha256
            policy = any
            [any]
            commonName = supplied
            END
            openssl req -new -key admin.key -subj /CN=old -out $work/old.csr
            openssl ca -batch -config $work/ca.cnf -selfsign -keyfile admin.key -in $work/old.csr -out $work/old.crt \\
                -startdate 20200101000000Z -enddate 20200201000000Z -notext 2>/dev/null
            cp $work/old.crt admin.crt
            """;

    private static Cluster cluster;
    private static Map<String, String> healthy;

    @BeforeAll
    static void start() {
        cluster = Cluster.started("fwtdoctor", 19);
        healthy = doctor(0).results();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void allIsWellAgain() {
        within(10, () -> assertThat(doctor(0).results()).isEqualTo(healthy));
    }

    @Test
    void nothingIsWrongWithAClusterThatWorks() {
        assertThat(healthy.values()).isSubsetOf("ok", "warning", "skipped");
        assertThat(healthy)
                .containsEntry("api/ready", "ok")
                .containsEntry("api/certificates", "ok")
                .containsEntry("node/forwarding", "ok")
                .containsEntry("dns/answers", "ok")
                .containsEntry("lb/addresses", "ok");
        String page = REPOSITORY.read("docs/reference/checks.md");
        assertThat(healthy.keySet()).allSatisfy(id -> assertThat(page).contains("\n### " + id + "\n"));
    }

    @Test
    void aNodesNameServerAndHealthPortAreBlocked() {
        cluster.onNode("node-1", "nft", BLOCK).ok();
        Diagnosis found = doctor(1);
        assertThat(found.failed()).containsExactly("dns/answers", "node/forwarding");
        for (String id : found.failed()) {
            assertThat(found.evidence(id)).contains("in fwtdoctor-node-1 is a table of another program: inet foreign");
        }
        assertThat(found.fix("node/forwarding")).isEqualTo(found.fix("dns/answers"));

        doWhatIsSaid(found, "dns/answers");
        assertThat(doctor(0).results()).isEqualTo(healthy);
    }

    @Test
    void aNodeIsNoMoreThanAName() {
        cluster.apply("apiVersion: v1\nkind: Node\nmetadata: {name: ghost}\n").ok();
        Diagnosis found = doctor(1);
        assertThat(found.failed()).containsExactly("node/heartbeat", "node/ready");
        assertThat(found.evidence("node/heartbeat")).containsExactly("ghost was never heard of");
        assertThat(found.fix("node/heartbeat")).isEqualTo(found.fix("node/ready"));

        doWhatIsSaid(found, "node/ready");
        assertThat(doctor(0).results()).isEqualTo(healthy);
    }

    @Test
    void aLoadBalancerAsksForAnAddressThatIsNotToBeHad() {
        cluster.apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: far}
                spec: {type: LoadBalancer, loadBalancerIP: 203.0.113.77, ports: [{port: 80}]}
                """).ok();
        Diagnosis found = doctor(1);
        assertThat(found.failed()).containsExactly("lb/addresses");
        assertThat(found.evidence("lb/addresses")).containsExactly("default/far");

        String said = run(found.fix("lb/addresses")).out();
        assertThat(said).startsWith("FW010 error service default/far").contains("spec.loadBalancerIP: 203.0.113.77");
        run(said.lines()
                        .filter(line -> line.strip().startsWith("try:"))
                        .map(line -> line.strip().substring("try:".length()))
                        .findFirst()
                        .orElseThrow())
                .ok();
        within(10, () -> assertThat(doctor(0).results()).isEqualTo(healthy));
        cluster.kubectl("delete", "service", "far").ok();
    }

    @Test
    void aCertificateHasEnded() {
        cluster.shell(EXPIRE).ok();
        Diagnosis found = doctor(1);
        assertThat(found.failed()).containsExactly("api/certificates");
        assertThat(found.evidence("api/certificates")).containsExactly("admin ends 2020-02-01T00:00:00Z");

        doWhatIsSaid(found, "api/certificates");
        assertThat(doctor(0).results()).isEqualTo(healthy);
    }

    @Test
    void theServerIsGone() {
        cluster.shell("kill -9 $(jq .pid $FAIRWAY_STATE/run/server.json)").ok();
        within(5, () -> assertThat(doctor(1).failed()).containsExactly("api/ready"));
        Diagnosis found = doctor(1);
        assertThat(found.evidence("api/ready")).containsExactly("no cluster of " + cluster.state() + " runs here");

        doWhatIsSaid(found, "api/ready");
        within(10, () -> assertThat(doctor(0).results()).isEqualTo(healthy));
    }

    @Test
    void withoutAClusterTheMachineIsCheckedAllTheSame() {
        Run.Result pre = Cluster.fairway("doctor", "--pre", "--state", "/tmp/fwt-no-cluster");
        assertThat(pre.out()).contains("machine/nftables").doesNotContain("api/ready");

        Run.Result whole = Cluster.fairway("doctor", "--state", "/tmp/fwt-no-cluster");
        assertThat(whole.exitCode()).isEqualTo(1);
        assertThat(whole.out()).contains("failed   api/ready", "no cluster of /tmp/fwt-no-cluster runs here");
    }

    private static Diagnosis doctor(int exitCode) {
        return Diagnosis.of(
                Cluster.fairway(
                        "doctor", "-o", "json", "--state", cluster.state().toString()),
                exitCode);
    }

    private static void doWhatIsSaid(Diagnosis found, String id) {
        run(found.fix(id)).ok();
    }

    private static Run.Result run(String command) {
        return cluster.shell("PATH=.:$PATH; " + command);
    }
}
