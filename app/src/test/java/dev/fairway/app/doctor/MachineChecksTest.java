package dev.fairway.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.app.doctor.MachineFacts.PortOwner;
import dev.fairway.app.doctor.Verdict.Result;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each check both ways: a machine that can carry a cluster, and the same machine with one thing broken.
class MachineChecksTest {

    @Test
    void aHealthyMachinePassesEveryCheck() {
        assertThat(MachineChecks.all(machine("", "")))
                .allSatisfy(verdict ->
                        assertThat(verdict.result()).as(verdict.toString()).isEqualTo(Result.OK))
                .allSatisfy(verdict -> assertThat(verdict.fix()).isEmpty());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            nftables       | EPROTONOSUPPORT   | machine/nftables  | FAILED  | EPROTONOSUPPORT
            cgroup         | none              | machine/cgroup    | FAILED  | no line of type cgroup2
            inotify        | 127               | machine/inotify   | WARNING | 127 of at least 128
            inotify        | unknown           | machine/inotify   | SKIPPED |
            files          | 1024              | machine/files     | WARNING | 1024 of at least 4096
            conntrack      | 749               | machine/conntrack | OK      |
            conntrack      | 750               | machine/conntrack | WARNING | 750 of 1000 tracked
            conntrack      | 950               | machine/conntrack | FAILED  | 950 of 1000 tracked
            conntrack      | unknown           | machine/conntrack | SKIPPED |
            port           | nginx (process 7) | machine/port      | FAILED  | nginx (process 7) listens on port 6443
            route          | 198.51.100.128/25 | machine/ranges    | FAILED  | outside 198.51.100.0/24 meets the machine's route
            route          | 198.51.0.0/16     | machine/ranges    | FAILED  | route to 198.51.0.0/16
            route          | 198.51.101.0/24   | machine/ranges    | OK      |
            legacy         | nat               | machine/iptables  | WARNING | tables nat
            free           | 1073741823        | machine/disk      | WARNING | 1023 MiB free
            free           | 100               | machine/disk      | FAILED  | 0 MiB free
            year           | 1970              | machine/clock     | FAILED  | the year is 1970
            """)
    void oneThingBroken(String what, String value, String id, Result result, String evidence) {
        List<Verdict> all = MachineChecks.all(machine(what, value));
        Verdict verdict =
                all.stream().filter(it -> it.id().equals(id)).findFirst().orElseThrow();

        assertThat(verdict.result()).isEqualTo(result);
        if (evidence != null) {
            assertThat(verdict.evidence()).singleElement().asString().contains(evidence);
            assertThat(verdict.fix()).isNotEmpty();
        }
        assertThat(all)
                .filteredOn(it -> !it.id().equals(id))
                .extracting(Verdict::result)
                .containsOnly(Result.OK);
    }

    @Test
    void whoIsNotRootHearsThatAndWhatCouldNotBeLookedAt() {
        List<Verdict> all = MachineChecks.all(machine("capability", "unshare(CLONE_NEWNET): EPERM"));

        assertThat(all)
                .filteredOn(verdict -> verdict.result() == Result.FAILED)
                .singleElement()
                .satisfies(verdict -> {
                    assertThat(verdict.id()).isEqualTo("machine/privilege");
                    assertThat(verdict.evidence()).containsExactly("unshare(CLONE_NEWNET): EPERM");
                    assertThat(verdict.fix()).contains("sudo");
                });
        assertThat(all)
                .filteredOn(verdict -> verdict.result() == Result.SKIPPED)
                .extracting(Verdict::id)
                .containsExactly("machine/nftables", "machine/port", "machine/ranges");
    }

    /// @param broken what is not as it should be
    private static MachineFacts machine(String broken, String value) {
        SortedMap<String, Cidr> routes = new TreeMap<>();
        String route = broken.equals("route") ? value : "10.0.0.0/8";
        routes.put(route, Cidr.parse(route));
        SortedMap<String, Cidr> ranges = new TreeMap<>();
        ranges.put("outside", Cidr.parse("198.51.100.0/24"));
        return new MachineFacts(
                text(broken, "capability", value),
                text(broken, "nftables", value),
                !broken.equals("cgroup"),
                number(broken, "inotify", value, 8192),
                number(broken, "files", value, 65536),
                number(broken, "conntrack", value, 10),
                OptionalLong.of(1000),
                6443,
                text(broken, "port", value).map(name -> new PortOwner(name, OptionalLong.of(7))),
                routes,
                ranges,
                broken.equals("legacy") ? List.of(value) : List.of(),
                number(broken, "free", value, 1L << 40).orElseThrow(),
                (int) number(broken, "year", value, 2026).orElseThrow());
    }

    private static Optional<String> text(String broken, String what, String value) {
        return broken.equals(what) ? Optional.of(value) : Optional.empty();
    }

    private static OptionalLong number(String broken, String what, String value, long healthy) {
        if (!broken.equals(what)) {
            return OptionalLong.of(healthy);
        }
        return value.equals("unknown") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    }
}
