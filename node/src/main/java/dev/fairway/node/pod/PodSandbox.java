package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.BindMount;
import dev.fairway.kernel.Isolation;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a pod's containers share: addresses, network namespace, resolver and hosts files, host name, volumes.
final class PodSandbox {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path HOSTS = Path.of("/etc/hosts");

    private final PodNetwork network;
    private final AddressBook addresses;
    private final List<IpAddress> hostAddresses;
    private final ClusterDns dns;
    private final PodVolumes volumes;

    PodSandbox(
            PodNetwork network,
            AddressBook addresses,
            List<IpAddress> hostAddresses,
            ClusterDns dns,
            PodVolumes volumes) {
        this.network = network;
        this.addresses = addresses;
        this.hostAddresses = List.copyOf(hostAddresses);
        this.dns = dns;
        this.volumes = volumes;
    }

    List<IpAddress> hostAddresses() {
        return hostAddresses;
    }

    /// Whether the pod's network is there, from this or an earlier agent.
    boolean exists(PodSpec pod) {
        return pod.hostNetwork() || network.exists(pod.uid());
    }

    /// Makes what is missing.
    ///
    /// @return the pod's addresses
    List<IpAddress> setUp(PodSpec pod, PodFolder folder) {
        List<IpAddress> own = hostAddresses;
        if (!pod.hostNetwork()) {
            own = addresses.grant(pod.uid());
            network.setUp(pod.uid(), own);
        }
        folder.rewrite(folder.resolvConf(), PodFiles.resolvConf(pod, dns));
        folder.rewrite(folder.hosts(), PodFiles.hosts(pod, own, dns.domain()));
        return own;
    }

    /// Takes the network down; the addresses stay the pod's.
    void takeDown(PodSpec pod) {
        if (!pod.hostNetwork()) {
            network.remove(pod.uid());
        }
    }

    /// Takes the network down and gives the addresses back.
    void remove(PodSpec pod) {
        takeDown(pod);
        addresses.release(pod.uid());
    }

    NetworkNamespace namespace(PodSpec pod) {
        return pod.hostNetwork() ? network.node() : network.namespace(pod.uid());
    }

    /// Where a process of the container runs.
    ///
    /// @throws StartRefused when a volume cannot be shown
    Isolation isolation(PodSpec pod, ContainerSpec container, PodFolder folder, boolean ownPids) throws StartRefused {
        List<BindMount> mounts = new ArrayList<>();
        mounts.add(new BindMount(folder.resolvConf(), RESOLV_CONF));
        mounts.add(new BindMount(folder.hosts(), HOSTS));
        mounts.addAll(volumes.mounts(pod, container, folder));
        Optional<String> hostname = pod.hostNetwork() ? Optional.empty() : Optional.of(pod.hostname());
        return new Isolation(namespace(pod), mounts, hostname, ownPids);
    }
}
