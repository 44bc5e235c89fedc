package dev.fairway.app.doctor;

import dev.fairway.address.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What was read of the machine; nothing here is judged.
///
/// @param capabilityMissing why this process cannot make network namespaces; then it did not look into the machine's
///     own either: what is known of nftables, the port and the routes is empty
/// @param nftablesProblem why the kernel's nftables do not answer
/// @param cgroup2 whether a cgroup2 hierarchy is mounted
/// @param inotifyInstances `fs.inotify.max_user_instances`
/// @param openFiles how many files this process may open
/// @param conntrackCount tracked connections; empty where the kernel has not loaded the module
/// @param conntrackMax their limit
/// @param apiPort where the API listens, or would
/// @param apiPortOwner who listens there already, when it is not a cluster of this state folder
/// @param routes blocks that the machine reaches by links of its own, without those of a running cluster
/// @param ranges blocks that the cluster uses where the machine could meet them, by their setting
/// @param legacyTables tables of the old iptables that hold rules beside nftables
/// @param freeBytes room where the state folder is, or will be
/// @param year what the clock says
public record MachineFacts(
        Optional<String> capabilityMissing,
        Optional<String> nftablesProblem,
        boolean cgroup2,
        OptionalLong inotifyInstances,
        OptionalLong openFiles,
        OptionalLong conntrackCount,
        OptionalLong conntrackMax,
        int apiPort,
        Optional<PortOwner> apiPortOwner,
        SortedMap<String, Cidr> routes,
        SortedMap<String, Cidr> ranges,
        List<String> legacyTables,
        long freeBytes,
        int year) {

    /// @param name for people: `nginx (process 4711)`
    /// @param process its number, when that can be seen
    public record PortOwner(String name, OptionalLong process) {}
}
