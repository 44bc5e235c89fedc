package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// `down` gives the machine back as it was, after a clean life and after a crash.
@Isolated("it compares the whole machine")
class LeaveNothingTest {

    private static final Map<String, String> LOOKS = new TreeMap<>(Map.of(
            "namespaces", "ip netns list | sort",
            "links", "ip -o link | sed 's/.*: \\(.*\\): <.*/\\1/'",
            "addresses", "ip -o addr | awk '{print $2, $4}'",
            "routes", "ip route; ip -6 route",
            "rules", "nft list ruleset",
            "mounts", "awk '{print $5}' /proc/self/mountinfo | sort",
            "cgroups", "find /sys/fs/cgroup -type d | sort | grep -i -e fairway -e fwt || true",
            "processes", "ps -eo args | grep -e 'state[ ].*fwtleave' -e 'sleep 7[7]77' || true",
            "files",
                    "find /etc /run /tmp /var/lib -xdev -maxdepth 2 -name '*fwtleave*'"
                            + " | grep -v '^/tmp/fwt-fwtleave' || true"));

    private static Map<String, String> look() {
        Map<String, String> seen = new TreeMap<>();
        LOOKS.forEach((what, command) ->
                seen.put(what, Run.command(List.of("sh", "-c", command)).ok()));
        return seen;
    }

    /// `ip netns` leaves its folder mounted when its last namespace goes; `down` takes an empty one away, whoever made
    /// it. So that the looks before and after are comparable, it goes before the first.
    @BeforeEach
    void withoutAnEmptyFolderOfNamespaces() {
        String script = """
                while mountpoint -q /run/netns && [ -z "$(ls -A /run/netns)" ]; do umount /run/netns; done
                rmdir /run/netns 2>/dev/null || true
                """;
        Run.command(List.of("sh", "-c", script)).ok();
    }

    private static void use(Cluster cluster) {
        cluster.kubectl("run", "sleeper", "--image=fairway.dev/host", "--command", "--", "sleep", "7777")
                .ok();
        cluster.kubectl("run", "web", "--image=fairway.dev/echo", "--port=80", "--labels=app=web")
                .ok();
        cluster.kubectl("create", "service", "loadbalancer", "web", "--tcp=80").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/sleeper", "pod/web", "--timeout=30s")
                .ok();
        assertThat(Run.command(List.of("sh", "-c", "pgrep -f 'sleep 7[7]77'")).succeeded())
                .isTrue();
    }

    @Test
    void afterACleanLife() {
        Map<String, String> before = look();
        Cluster cluster = Cluster.started("fwtleave", 15);
        use(cluster);
        cluster.down().ok();
        assertThat(look()).isEqualTo(before);
        assertThat(cluster.state().resolve("store")).isDirectory();

        cluster.up().ok();
        assertThat(cluster.kubectl("get", "svc", "web").ok()).contains("LoadBalancer");
        cluster.close();
        assertThat(look()).isEqualTo(before);
        assertThat(Files.exists(cluster.state())).isFalse();
    }

    @Test
    void afterACrash() {
        Map<String, String> before = look();
        Cluster cluster = Cluster.started("fwtleave", 15);
        use(cluster);
        Run.command(List.of("sh", "-c", "kill -9 $(jq .pid " + cluster.state().resolve("run/server.json") + ")"))
                .ok();
        cluster.close();
        assertThat(look()).isEqualTo(before);
    }

    @Test
    void afterTheStateFolderWasDeletedByHand() {
        Map<String, String> before = look();
        Cluster cluster = Cluster.started("fwtleave", 15);
        Cluster namesake = Cluster.prepared("fwtleave", 15);
        assertThat(namesake.up().err())
                .contains("the name \"fwtleave\" is taken on this machine by the cluster of " + cluster.state());
        Run.command(List.of("rm", "-r", cluster.state().toString())).ok();
        cluster.close();
        assertThat(look()).isEqualTo(before);
        namesake.close();
    }

    @Test
    void upAndDownTwiceAreTheSameAsOnce() {
        Cluster cluster = Cluster.started("fwtleave", 15);
        assertThat(cluster.up().ok()).contains("KUBECONFIG");
        cluster.down().ok();
        cluster.down().ok();
        cluster.close();
        assertThat(Files.exists(cluster.state())).isFalse();
    }
}
