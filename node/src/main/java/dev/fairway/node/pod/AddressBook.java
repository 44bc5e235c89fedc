package dev.fairway.node.pod;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The addresses of the node's pods, one pool per family, kept in a file so that they are the same after a restart.
final class AddressBook {

    private final Path file;
    private List<AddressPool> pools;

    private AddressBook(Path file, List<AddressPool> pools) {
        this.file = file;
        this.pools = List.copyOf(pools);
    }

    /// Reads the file; a pool whose block is no longer the node's starts empty.
    static AddressBook open(Path file, List<Cidr> blocks) {
        ObjectNode kept = PodFolder.read(file).map(Json::parse).orElseGet(Json::object);
        List<AddressPool> pools = new ArrayList<>();
        for (Cidr block : blocks) {
            pools.add(Tree.objects(kept, "pools").stream()
                    .filter(pool -> Tree.text(pool, "block").equals(block.toString()))
                    .findFirst()
                    .map(pool -> parse(block, pool))
                    .orElseGet(() -> AddressPool.empty(block)));
        }
        return new AddressBook(file, pools);
    }

    private static AddressPool parse(Cidr block, ObjectNode tree) {
        SortedMap<String, IpAddress> byPod = new TreeMap<>();
        Tree.textMap(tree, "pods").forEach((uid, address) -> byPod.put(uid, IpAddress.parse(address)));
        return new AddressPool(block, Tree.number(tree, 0, "next"), byPod);
    }

    /// One address per block for the pod: those it has, or new ones.
    ///
    /// @throws IllegalStateException when a block is exhausted; nothing is given then
    synchronized List<IpAddress> grant(String uid) {
        List<IpAddress> addresses = new ArrayList<>();
        List<AddressPool> next = new ArrayList<>();
        for (AddressPool pool : pools) {
            AddressPool.Granted granted = pool.grant(uid);
            addresses.add(granted.address());
            next.add(granted.pool());
        }
        replace(next);
        return addresses;
    }

    synchronized void release(String uid) {
        replace(pools.stream().map(pool -> pool.release(uid)).toList());
    }

    /// Gives back the addresses of pods that this node does not have any more.
    synchronized void retain(Set<String> uids) {
        List<AddressPool> next = new ArrayList<>();
        for (AddressPool pool : pools) {
            AddressPool left = pool;
            for (String uid : pool.byPod().keySet()) {
                left = uids.contains(uid) ? left : left.release(uid);
            }
            next.add(left);
        }
        replace(next);
    }

    private void replace(List<AddressPool> next) {
        if (!next.equals(pools)) {
            write(next);
            pools = List.copyOf(next);
        }
    }

    private void write(List<AddressPool> next) {
        ObjectNode tree = Json.object();
        ArrayNode list = tree.putArray("pools");
        for (AddressPool pool : next) {
            ObjectNode node = list.addObject();
            node.put("block", pool.block().toString());
            node.put("next", pool.next());
            ObjectNode pods = node.putObject("pods");
            pool.byPod().forEach((uid, address) -> pods.put(uid, address.toString()));
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, Json.toText(tree));
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("write pod addresses to " + file, e);
        }
    }
}
