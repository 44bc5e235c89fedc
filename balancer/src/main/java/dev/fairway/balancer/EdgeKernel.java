package dev.fairway.balancer;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.kernel.Rtnetlink;
import dev.fairway.kernel.nft.NftCommand;
import dev.fairway.kernel.nft.NftConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The edge's nftables and addresses, brought from what they are to what they should be.
final class EdgeKernel implements AutoCloseable {

    private static final String LOOPBACK = "lo";

    private final NftConnection nft;
    private final Rtnetlink links;
    private EdgeRules have;
    private int generation;

    private EdgeKernel(NftConnection nft, Rtnetlink links) {
        this.nft = nft;
        this.links = links;
        this.have = read();
    }

    static EdgeKernel open(NetworkNamespace edge) {
        Rtnetlink links = Rtnetlink.open(edge);
        links.setUp(LOOPBACK);
        return new EdgeKernel(NftConnection.open(edge), links);
    }

    EdgeRules have() {
        return have;
    }

    private EdgeRules read() {
        generation = nft.generation();
        EdgeRules found = EdgeRules.EMPTY;
        for (EdgeTable table : EdgeTable.ALL) {
            Optional<EdgeRules> rules = table.read(nft);
            if (rules.isEmpty()) {
                commit(table.create());
            } else {
                found = found.with(rules.get());
            }
        }
        return found;
    }

    /// Whether someone else has changed rules here since.
    boolean isDisturbed() {
        return nft.generation() != generation;
    }

    /// The kernel counts each batch once, and skips 0.
    private void commit(List<NftCommand> commands) {
        if (!commands.isEmpty()) {
            nft.commit(commands);
            generation = generation == -1 ? 1 : generation + 1;
        }
    }

    /// The addresses come before the rules and go after them.
    ///
    /// @throws KernelException when the kernel refuses; what it holds is read again then
    void apply(EdgeRules wanted) {
        try {
            Set<IpAddress> gone = new HashSet<>(have.addresses());
            wanted.addresses().forEach(gone::remove);
            Set<IpAddress> present = onLoopback();
            wanted.addresses().stream()
                    .filter(address -> !present.contains(address))
                    .forEach(address ->
                            links.addAddress(LOOPBACK, address, address.family().bits()));
            if (isDisturbed()) {
                rebuild(wanted);
            } else {
                commit(commands(have, wanted));
            }
            have = wanted;
            gone.stream()
                    .filter(present::contains)
                    .forEach(address -> links.removeAddress(
                            LOOPBACK, address, address.family().bits()));
        } catch (KernelException e) {
            have = read();
            throw e;
        }
    }

    private Set<IpAddress> onLoopback() {
        Set<IpAddress> addresses = new HashSet<>();
        links.addresses().stream().filter(it -> it.link().equals(LOOPBACK)).forEach(it -> addresses.add(it.address()));
        return addresses;
    }

    /// In one batch, whatever is left of what was there; connections that are tracked go on.
    private void rebuild(EdgeRules wanted) {
        generation = nft.generation();
        List<NftCommand> commands = new ArrayList<>();
        for (EdgeTable table : EdgeTable.ALL) {
            commands.add(new NftCommand.AddTable(table.table())); // so that there is one to delete
            commands.add(new NftCommand.DeleteTable(table.table()));
            commands.addAll(table.create());
        }
        commands.addAll(commands(EdgeRules.EMPTY, wanted));
        commit(commands);
    }

    private static List<NftCommand> commands(EdgeRules have, EdgeRules wanted) {
        List<NftCommand> commands = new ArrayList<>();
        have.ports().forEach((port, forward) -> {
            if (!forward.equals(wanted.ports().get(port))) {
                table(port.address()).delete(port, forward, commands);
            }
        });
        have.addresses().stream()
                .filter(address -> !wanted.addresses().contains(address))
                .forEach(address -> commands.add(table(address).deleteAddress(address)));
        wanted.addresses().stream()
                .filter(address -> !have.addresses().contains(address))
                .forEach(address -> commands.add(table(address).addAddress(address)));
        wanted.ports().forEach((port, forward) -> {
            if (!forward.equals(have.ports().get(port))) {
                table(port.address()).add(port, forward, commands);
            }
        });
        return commands;
    }

    private static EdgeTable table(IpAddress address) {
        return EdgeTable.of(address.family());
    }

    @Override
    public void close() {
        nft.close();
        links.close();
    }
}
