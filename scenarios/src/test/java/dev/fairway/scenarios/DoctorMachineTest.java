package dev.fairway.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fairway doctor --pre` on a machine that lacks everything, in namespaces of its own; then each command that it gives
/// is run there, and nothing is wrong any more.
class DoctorMachineTest {

    /// The JVM raises a soft limit by itself unless it is told not to.
    private static final String DOCTOR =
            "export FAIRWAY_NO_BUILD=1 JAVA_TOOL_OPTIONS=-XX:-MaxFDLimit\nPATH=" + Cluster.HOME + ":$PATH\n";

    /// What the machine has for all is seen through files that lie over it, so that nobody else is disturbed; the rest
    /// is really so: no cgroup2, full connection tables, a taken port, a route to the cluster's addresses, no room.
    private static final String POOR = """
            set -e
            mount --make-rprivate /
            ip link set lo up
            for at in $(awk '$3 == "cgroup2" { print $2 }' /proc/mounts | sort -r); do umount -l $at; done
            echo 64 >@HERE@/instances; mount --bind @HERE@/instances /proc/sys/fs/inotify/max_user_instances
            for port in $(seq 38); do
                conntrack -I -p udp -s 192.0.2.1 -d 192.0.2.2 --sport $port --dport 9 -t 600 2>/dev/null
            done
            echo 40 >@HERE@/maximum; mount --bind @HERE@/maximum /proc/sys/net/netfilter/nf_conntrack_max
            ip link add dummy type bridge
            ip link set dummy up
            ip addr add 198.51.100.129/25 dev dummy
            mkdir @HERE@/full; mount -t tmpfs -o size=64m none @HERE@/full
            python3 -m http.server 6443 >/dev/null 2>&1 & echo $! >@HERE@/server
            for try in $(seq 50); do curl -s -o /dev/null http://127.0.0.1:6443/ && break; sleep 0.1; done
            """;

    /// socket(AF_NETLINK, ..., NETLINK_NETFILTER) fails as where nobody serves that protocol; on x86_64 and aarch64.
    private static final String WITHOUT_NFTABLES = """
            import ctypes, os, struct, sys
            SOCKET = 41 if os.uname().machine == 'x86_64' else 198
            def step(code, yes, no, value): return struct.pack('HBBI', code, yes, no, value)
            LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
            program = b''.join([
                step(LOAD, 0, 0, 0), step(EQUAL, 0, 5, SOCKET),
                step(LOAD, 0, 0, 16), step(EQUAL, 0, 3, 16),
                step(LOAD, 0, 0, 32), step(EQUAL, 0, 1, 12),
                step(RETURN, 0, 0, 0x00050000 | 93), step(RETURN, 0, 0, 0x7fff0000)])
            kept = ctypes.create_string_buffer(program)
            class Filter(ctypes.Structure): _fields_ = [('length', ctypes.c_ushort), ('steps', ctypes.c_void_p)]
            libc = ctypes.CDLL(None, use_errno=True)
            wanted = Filter(len(program) // 8, ctypes.addressof(kept))
            if libc.prctl(22, 2, ctypes.byref(wanted), 0, 0): sys.exit(os.strerror(ctypes.get_errno()))
            os.execvp(sys.argv[1], sys.argv[1:])
            """;

    private static final String TOUCH_IPTABLES = """
            import ctypes, os, socket, sys
            size, table = ctypes.c_int(84), ctypes.create_string_buffer(b'filter'.ljust(84, bytes(1)), 84)
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)
            ctypes.CDLL(None).getsockopt(raw.fileno(), 0, 64, table, ctypes.byref(size))
            os.execvp(sys.argv[1], sys.argv[1:])
            """;

    @TempDir
    Path folder;

    @Test
    void eachThingThatIsMissingIsNamedAndItsRemedyHelps() throws IOException {
        Process world = new ProcessBuilder("unshare", "--mount", "--net", "sleep", "300").start();
        try {
            Eventually.within(
                    5,
                    () -> assertThat(in(world, "readlink /proc/self/ns/net").ok())
                            .isNotEqualTo(Run.command(List.of("readlink", "/proc/self/ns/net"))
                                    .ok()));
            in(world, POOR.replace("@HERE@", folder.toString())).ok();

            String poor = DOCTOR + "ulimit -Sn 1024; fairway doctor --pre -o json --state " + folder + "/full/state";
            Diagnosis found = Diagnosis.of(in(world, poor), 1);
            assertThat(wrong(found))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "machine/cgroup", "failed",
                            "machine/conntrack", "failed",
                            "machine/disk", "failed",
                            "machine/files", "warning",
                            "machine/inotify", "warning",
                            "machine/port", "failed",
                            "machine/ranges", "failed"));
            assertThat(found.evidence("machine/conntrack")).containsExactly("38 of 40 tracked connections");
            assertThat(found.evidence("machine/files")).containsExactly("1024 of at least 4096");
            assertThat(found.evidence("machine/inotify")).containsExactly("64 of at least 128");
            assertThat(found.evidence("machine/port").getFirst())
                    .startsWith("python3")
                    .endsWith("listens on port 6443");

            for (String id : List.of("machine/cgroup", "machine/conntrack", "machine/inotify", "machine/port")) {
                in(world, found.fix(id)).ok();
            }
            assertThat(found.fix("machine/disk")).contains("name another folder by --state");
            String ranges = "cd " + folder + "; " + found.fix("machine/ranges");
            String rich = DOCTOR + "ulimit -Sn 1024; " + found.fix("machine/files") + "; " + ranges
                    + " -o json --state " + folder + "/state";
            assertThat(wrong(Diagnosis.of(in(world, rich), 0))).isEmpty();
        } finally {
            in(world, "kill $(cat " + folder + "/server)"); // if it is still there
            world.destroyForcibly().onExit().join();
        }
    }

    /// A filter for system calls stands in for a kernel without nftables; the remedy loads them, and no filter is left.
    @Test
    void aKernelWithoutNftablesIsNamed() throws IOException {
        Path without = Files.writeString(folder.resolve("without.py"), WITHOUT_NFTABLES);
        Diagnosis found = pre("python3", without.toString(), Rehearsed.LAUNCHER);
        assertThat(found.failed()).containsExactly("machine/nftables");
        assertThat(found.evidence("machine/nftables").getFirst()).contains("EPROTONOSUPPORT");
        assertThat(found.fix("machine/nftables")).isEqualTo("modprobe nf_tables");

        assertThat(pre(Rehearsed.LAUNCHER).failed()).isEmpty();
    }

    @Test
    void whoIsNotRootHearsWhatIsMissing() {
        Diagnosis found = pre("setpriv", "--bounding-set=-all", "--inh-caps=-all", Rehearsed.LAUNCHER);
        assertThat(found.failed()).containsExactly("machine/privilege");
        assertThat(found.evidence("machine/privilege").getFirst()).contains("EPERM");
        assertThat(found.results()).containsEntry("machine/nftables", "skipped").containsEntry("machine/disk", "ok");
        assertThat(found.fix("machine/privilege")).isEqualTo("sudo ./fairway doctor");

        assertThat(pre(Rehearsed.LAUNCHER).results()).containsEntry("machine/privilege", "ok");
    }

    @Test
    void aClockThatIsYearsBehindIsNamed() {
        Diagnosis found = pre("faketime", "-f", "@1999-12-31 10:00:00", Rehearsed.LAUNCHER);
        assertThat(found.failed()).containsExactly("machine/clock");
        assertThat(found.evidence("machine/clock")).containsExactly("the year is 1999");

        assertThat(pre(Rehearsed.LAUNCHER).results()).containsEntry("machine/clock", "ok");
    }

    /// Asking a table of the old iptables for its size makes it; it lives as long as the network namespace.
    @Test
    void aTableOfTheOldIptablesIsNamed() {
        String[] touched = {"unshare", "--net", "python3", "-c", TOUCH_IPTABLES, Rehearsed.LAUNCHER};
        Diagnosis found = pre(touched);
        assertThat(found.results()).containsEntry("machine/iptables", "warning");
        assertThat(found.evidence("machine/iptables")).containsExactly("tables filter");

        assertThat(pre("unshare", "--net", Rehearsed.LAUNCHER).results()).containsEntry("machine/iptables", "ok");
    }

    private static Diagnosis pre(String... program) {
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(List.of("doctor", "--pre", "-o", "json", "--state", "/tmp/fwt-no-cluster"));
        Run.Result result = Run.command(words, Map.of("FAIRWAY_NO_BUILD", "1"), "");
        return Diagnosis.of(result, result.exitCode() == 0 ? 0 : 1);
    }

    private static Map<String, String> wrong(Diagnosis found) {
        Map<String, String> out = new TreeMap<>(found.results());
        out.values().removeIf(result -> result.equals("ok"));
        return out;
    }

    private static Run.Result in(Process world, String script) {
        return Run.command(List.of("nsenter", "-t", Long.toString(world.pid()), "-m", "-n", "bash", "-c", script));
    }
}
