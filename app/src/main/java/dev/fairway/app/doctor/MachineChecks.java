package dev.fairway.app.doctor;

import dev.fairway.address.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;

/// Whether a machine can carry a cluster, and how much longer. Pure.
public final class MachineChecks {

    /// The kernel's default: Fairway watches no files itself, but programs in pods do, all of them as root.
    private static final long INOTIFY_MIN = 128;

    private static final long OPEN_FILES_MIN = 4096;
    private static final long FREE_BYTES_TIGHT = 1L << 30;
    private static final long FREE_BYTES_MIN = 100L << 20;
    private static final int YEAR_MIN = 2025;
    private static final String ONLY_ROOT = "only root can look at that";

    private MachineChecks() {}

    public static List<Verdict> all(MachineFacts facts) {
        return List.of(
                privilege(facts),
                nftables(facts),
                cgroup(facts),
                atLeast(
                        "machine/inotify",
                        "inotify instances per user",
                        facts.inotifyInstances(),
                        INOTIFY_MIN,
                        "sysctl -w fs.inotify.max_user_instances=8192"),
                atLeast(
                        "machine/files",
                        "open files per process",
                        facts.openFiles(),
                        OPEN_FILES_MIN,
                        "ulimit -n " + OPEN_FILES_MIN),
                conntrack(facts),
                port(facts),
                ranges(facts),
                legacy(facts),
                disk(facts),
                clock(facts));
    }

    private static Verdict privilege(MachineFacts facts) {
        String id = "machine/privilege";
        return facts.capabilityMissing()
                .map(name -> Verdict.failed(
                        id, "this process may not make network namespaces and rules", "sudo ./fairway doctor", name))
                .orElse(Verdict.ok(id, "network namespaces and rules may be made"));
    }

    private static Verdict nftables(MachineFacts facts) {
        String id = "machine/nftables";
        if (facts.capabilityMissing().isPresent()) {
            return Verdict.skipped(id, ONLY_ROOT);
        }
        return facts.nftablesProblem()
                .map(text -> Verdict.failed(id, "the kernel's nftables do not answer", "modprobe nf_tables", text))
                .orElse(Verdict.ok(id, "the kernel's nftables answer"));
    }

    private static Verdict cgroup(MachineFacts facts) {
        String id = "machine/cgroup";
        return facts.cgroup2()
                ? Verdict.ok(id, "cgroup2 is mounted")
                : Verdict.failed(
                        id,
                        "no cgroup2 is mounted: pods that are processes cannot be kept together",
                        "mount -t cgroup2 none /sys/fs/cgroup",
                        "/proc/mounts has no line of type cgroup2");
    }

    private static Verdict atLeast(String id, String what, OptionalLong found, long wanted, String fix) {
        if (found.isEmpty()) {
            return Verdict.skipped(id, "the limit of " + what + " cannot be read");
        }
        return found.getAsLong() >= wanted
                ? Verdict.ok(id, found.getAsLong() + " " + what)
                : Verdict.warning(id, "few " + what, fix, found.getAsLong() + " of at least " + wanted);
    }

    private static Verdict conntrack(MachineFacts facts) {
        String id = "machine/conntrack";
        if (facts.conntrackCount().isEmpty() || facts.conntrackMax().isEmpty()) {
            return Verdict.skipped(id, "the kernel tracks no connections yet");
        }
        long count = facts.conntrackCount().getAsLong();
        long max = facts.conntrackMax().getAsLong();
        String fact = count + " of " + max + " tracked connections";
        String fix = "sysctl -w net.netfilter.nf_conntrack_max=" + 2 * max;
        if (count * 100 >= max * 95) {
            return Verdict.failed(id, "the table of tracked connections is full: new ones are dropped", fix, fact);
        }
        return count * 100 >= max * 75
                ? Verdict.warning(id, "the table of tracked connections is nearly full", fix, fact)
                : Verdict.ok(id, fact);
    }

    private static Verdict port(MachineFacts facts) {
        String id = "machine/port";
        if (facts.capabilityMissing().isPresent()) {
            return Verdict.skipped(id, ONLY_ROOT);
        }
        return facts.apiPortOwner()
                .map(owner -> Verdict.failed(
                        id,
                        "the API's port is taken; another one is apiPort in the settings",
                        owner.process().isPresent() ? "kill " + owner.process().getAsLong() : "ss -ltnp",
                        owner.name() + " listens on port " + facts.apiPort()))
                .orElse(Verdict.ok(id, "port " + facts.apiPort() + " is the API's"));
    }

    /// A block that the machine reaches in another way could not be reached in the cluster's.
    private static Verdict ranges(MachineFacts facts) {
        String id = "machine/ranges";
        if (facts.capabilityMissing().isPresent()) {
            return Verdict.skipped(id, ONLY_ROOT);
        }
        List<String> clashes = new ArrayList<>();
        facts.ranges()
                .forEach((setting, range) -> clashing(range, facts.routes())
                        .forEach(route ->
                                clashes.add(setting + " " + range + " meets the machine's route to " + route)));
        return clashes.isEmpty()
                ? Verdict.ok(id, "the cluster's addresses are free on this machine")
                : new Verdict(
                        id,
                        Verdict.Result.FAILED,
                        "the cluster's addresses are in use on this machine",
                        clashes,
                        "echo 'hostAccess: false' >>cluster.yaml && fairway doctor --pre --config cluster.yaml");
    }

    private static List<String> clashing(Cidr range, SortedMap<String, Cidr> routes) {
        List<String> out = new ArrayList<>();
        routes.forEach((text, route) -> {
            if (route.overlaps(range)) {
                out.add(text);
            }
        });
        return out;
    }

    private static Verdict legacy(MachineFacts facts) {
        String id = "machine/iptables";
        return facts.legacyTables().isEmpty()
                ? Verdict.ok(id, "no rules of the old iptables")
                : Verdict.warning(
                        id,
                        "the old iptables has tables beside nftables: both see every packet",
                        "iptables-legacy-save",
                        "tables " + String.join(", ", facts.legacyTables()));
    }

    private static Verdict disk(MachineFacts facts) {
        String id = "machine/disk";
        String fact = (facts.freeBytes() >> 20) + " MiB free";
        String fix = "df -h, then free some room or name another folder by --state";
        if (facts.freeBytes() < FREE_BYTES_MIN) {
            return Verdict.failed(id, "there is no room for the state folder", fix, fact);
        }
        return facts.freeBytes() < FREE_BYTES_TIGHT
                ? Verdict.warning(id, "there is little room for the state folder", fix, fact)
                : Verdict.ok(id, fact);
    }

    private static Verdict clock(MachineFacts facts) {
        String id = "machine/clock";
        return facts.year() >= YEAR_MIN
                ? Verdict.ok(id, "the clock says " + facts.year())
                : Verdict.failed(
                        id,
                        "the clock is wrong: certificates would count as not yet valid",
                        "timedatectl set-ntp true",
                        "the year is " + facts.year());
    }
}
