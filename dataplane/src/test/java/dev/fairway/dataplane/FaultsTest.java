package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.conntrack.Conntrack;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import dev.fairway.kernel.nft.NftDump;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.TableFeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever the kernel answers, in the end it holds what is wanted. The rules are the real kernel's; what is sent there
/// meets with faults on its way there or back.
///
/// `-Dfairway.faults.sequences=10000` makes it longer, `-Dfairway.faults.seed=N` repeats a run.
class FaultsTest {

    private static final int USUAL = 250;
    private static final int SEQUENCES = Integer.getInteger("fairway.faults.sequences", USUAL);
    private static final long SEED = Long.getLong("fairway.faults.seed", 20_261_126);
    private static final int CHANGES_MAX = 4;
    /// As many in a row would need a fault at each.
    private static final int ATTEMPTS_MAX = 200;

    private final Random random = new Random(SEED);
    private NetworkNamespace namespace;
    private NftConnection other;
    private NftConnection nft;
    private Conntrack conntrack;
    private final List<FaultyWire> wires = new ArrayList<>();
    private DataplaneLoop loop;

    @BeforeEach
    void start() {
        namespace =
                NetworkNamespace.create("fwt-faults-" + ProcessHandle.current().pid());
        other = NftConnection.open(namespace);
        nft = NftConnection.open(namespace, kernel -> {
            wires.add(new FaultyWire(kernel, random, this::takeSomethingAway));
            return wires.getLast();
        });
        conntrack = Conntrack.open(namespace);
        loop = new DataplaneLoop(namespace, nft, conntrack, () -> Tables.NODE, new TableFeed(), SyncListener.NONE);
    }

    @AfterEach
    void stop() {
        nft.close();
        other.close();
        conntrack.close();
        namespace.delete();
    }

    @Test
    void everySequenceOfChangesEndsInTheWantedState() {
        FaultyWire faults = wires.getLast();
        long revision = 0;
        for (int sequence = 0; sequence < SEQUENCES; sequence++) {
            faults.setActive(true);
            ServiceTable table = RandomTables.next(random, ++revision);
            bringIntoForce(table);
            for (int change = random.nextInt(CHANGES_MAX); change > 0; change--) {
                table = RandomTables.next(random, ++revision);
                bringIntoForce(table);
            }
            faults.setActive(false);
            bringIntoForce(table);
            assertThatTheKernelHolds(table, "seed " + SEED + ", sequence " + sequence);
        }
        assertThat(faults.met()).as("seed %d", SEED).containsOnlyKeys(FaultyWire.Fault.values());
        if (SEQUENCES > USUAL) {
            System.out.println(SEQUENCES + " sequences, " + revision + " changes, faults " + faults.met());
        }
    }

    private void bringIntoForce(ServiceTable table) {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            if (loop.step(table)) {
                return;
            }
        }
        throw new AssertionError(
                "seed " + SEED + ": not in force after " + ATTEMPTS_MAX + " attempts: " + loop.realized());
    }

    private void assertThatTheKernelHolds(ServiceTable table, String when) {
        Ruleset found = NftReader.read(other);
        Ruleset anew = NftPlan.of(table, Tables.NODE, Ruleset.empty());
        assertThat(found.elements().keySet()).as(when).isEqualTo(anew.elements().keySet());
        assertThat(comments(found)).as(when).isEqualTo(comments(anew));
        assertThat(found.commandsTo(NftPlan.of(table, Tables.NODE, found)))
                .as(when)
                .isEmpty();
    }

    private static Map<Block.ChainAt, List<String>> comments(Ruleset ruleset) {
        TreeMap<Block.ChainAt, List<String>> comments = new TreeMap<>();
        ruleset.chains().forEach((at, chain) -> comments.put(at, chain.comments()));
        return comments;
    }

    /// A whole table, the rules of a chain, or everything.
    private void takeSomethingAway() {
        List<NftCommand> commands = new ArrayList<>();
        boolean all = random.nextInt(4) == 0;
        for (Layout layout : Layout.ALL) {
            NftDump.Shape shape = other.readShape(layout.table());
            if (!shape.exists() || (!all && random.nextBoolean())) {
                continue;
            }
            List<String> chains = List.copyOf(shape.chains().keySet());
            if (all || chains.isEmpty() || random.nextInt(3) == 0) {
                commands.add(new NftCommand.DeleteTable(layout.table()));
            } else {
                commands.add(new NftCommand.FlushChain(layout.table(), chains.get(random.nextInt(chains.size()))));
            }
        }
        other.commit(commands);
    }
}
