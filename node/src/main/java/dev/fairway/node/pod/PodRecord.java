package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.node.pod.ContainerState.Ended;
import dev.fairway.node.pod.ContainerState.Running;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// What the node knows about one of its pods: observed, kept in a state file so that a later node agent can go on.
///
/// @param addresses the pod's addresses, IPv4 first; empty before the network is made; kept after the pod has finished
/// @param networkUp its namespace and link exist
/// @param setUpAfter no try to make the network before this time
/// @param problem why the network or the files could not be made; empty when all is well
/// @param failure why the pod as a whole has failed, though containers may still run; empty while it has not
public record PodRecord(
        String namespace,
        String name,
        String uid,
        Instant startTime,
        List<IpAddress> addresses,
        boolean networkUp,
        Instant setUpAfter,
        int setUpFailures,
        String problem,
        Optional<Failure> failure,
        SortedMap<String, ContainerRecord> containers) {

    /// `status.reason` and `status.message` of a pod that failed as a whole.
    public record Failure(String reason, String message) {}

    public PodRecord {
        addresses = List.copyOf(addresses);
        containers = Collections.unmodifiableSortedMap(new TreeMap<>(containers));
    }

    /// A pod that was just given to this node: nothing is made yet.
    static PodRecord fresh(PodSpec spec, Instant now) {
        String reason = spec.initContainers().isEmpty() ? "ContainerCreating" : "PodInitializing";
        SortedMap<String, ContainerRecord> containers = new TreeMap<>();
        spec.allContainers()
                .forEach(
                        container -> containers.put(container.name(), ContainerRecord.fresh(container.name(), reason)));
        return new PodRecord(
                spec.namespace(),
                spec.name(),
                spec.uid(),
                now,
                List.of(),
                false,
                Instant.EPOCH,
                0,
                "",
                Optional.empty(),
                containers);
    }

    /// The record of a container; a fresh one when nothing is known.
    public ContainerRecord container(String containerName) {
        ContainerRecord known = containers.get(containerName);
        return known == null ? ContainerRecord.fresh(containerName, "ContainerCreating") : known;
    }

    public List<ContainerRecord> running() {
        return containers.values().stream().filter(ContainerRecord::isRunning).toList();
    }

    PodRecord networkUp(List<IpAddress> podAddresses) {
        return new PodRecord(
                namespace, name, uid, startTime, podAddresses, true, Instant.EPOCH, 0, "", failure, containers);
    }

    PodRecord networkDown() {
        return new PodRecord(
                namespace,
                name,
                uid,
                startTime,
                addresses,
                false,
                setUpAfter,
                setUpFailures,
                problem,
                failure,
                containers);
    }

    PodRecord setUpFailed(String why, Instant now) {
        int failures = setUpFailures + 1;
        Instant again = now.plus(Backoff.ofSetUp(failures));
        return new PodRecord(
                namespace, name, uid, startTime, addresses, false, again, failures, why, failure, containers);
    }

    PodRecord failed(Failure why) {
        return new PodRecord(
                namespace,
                name,
                uid,
                startTime,
                addresses,
                networkUp,
                setUpAfter,
                setUpFailures,
                problem,
                Optional.of(why),
                containers);
    }

    PodRecord with(String containerName, UnaryOperator<ContainerRecord> change) {
        SortedMap<String, ContainerRecord> next = new TreeMap<>(containers);
        next.put(containerName, change.apply(container(containerName)));
        return new PodRecord(
                namespace,
                name,
                uid,
                startTime,
                addresses,
                networkUp,
                setUpAfter,
                setUpFailures,
                problem,
                failure,
                next);
    }

    /// A running container has ended; nothing changes for one that does not run.
    ///
    /// @param message its last words, or empty
    PodRecord ended(PodSpec spec, String containerName, int exitCode, String message, Instant now) {
        if (!(container(containerName).state() instanceof Running run)) {
            return this;
        }
        String reason = exitCode == 0 ? "Completed" : "Error";
        return ended(spec, containerName, new Ended(run.id(), exitCode, reason, message, run.since(), now));
    }

    /// A container has ended, or could not even be started.
    PodRecord ended(PodSpec spec, String containerName, Ended end) {
        Optional<ContainerSpec> container = spec.container(containerName);
        boolean restart = spec.deleteBy().isEmpty()
                && failure.isEmpty()
                && container.isPresent()
                && spec.restartPolicyOf(container.get()).restartsAfter(end.exitCode());
        return with(containerName, record -> record.ended(end, restart, name + "_" + namespace + "(" + uid + ")"));
    }
}
