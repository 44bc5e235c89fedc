package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.BindMount;
import dev.fairway.kernel.ContainerRoot;
import dev.fairway.kernel.Isolation;
import dev.fairway.kernel.NetworkNamespace;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.node.pod.ContainerStarter.Run;
import dev.fairway.node.pod.PodFiles.ClusterDns;
import dev.fairway.node.pod.volume.MountRefused;
import dev.fairway.node.pod.volume.PodVolumes;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What a pod's containers share: addresses, network namespace, resolver and hosts files, host name, volumes; and the
/// view of the machine that each container is given.
///
/// @param node the node's name, which a pod with the node's network has as its host name
/// @param stateFolder the node's, whose mounts no container sees
record PodSandbox(
        PodNetwork network,
        HostPorts hostPorts,
        AddressBook addresses,
        List<IpAddress> hostAddresses,
        ClusterDns dns,
        PodVolumes volumes,
        String node,
        Path stateFolder) {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path HOSTS = Path.of("/etc/hosts");
    private static final Path HOSTNAME = Path.of("/etc/hostname");

    PodSandbox {
        hostAddresses = List.copyOf(hostAddresses);
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
            network.setUp(pod.uid(), own, pod.networkSettings());
            hostPorts.open(pod, own);
        }
        folder.rewrite(folder.resolvConf(), PodFiles.resolvConf(pod, dns));
        folder.rewrite(folder.hosts(), PodFiles.hosts(pod, own, dns.domain(), hostFile()));
        folder.rewrite(folder.hostname(), hostname(pod) + "\n");
        return own;
    }

    private static String hostFile() {
        try {
            return Files.readString(HOSTS);
        } catch (IOException absent) {
            return "127.0.0.1\tlocalhost\n"; // a machine without the file knows no more than that
        }
    }

    /// Takes the network down; the addresses stay the pod's.
    ///
    /// @param own the pod's addresses
    void takeDown(PodSpec pod, PodFolder folder, List<IpAddress> own) {
        hostPorts.close(pod, own);
        if (!pod.hostNetwork()) {
            network.remove(pod.uid());
        }
        volumes.remove(folder);
    }

    /// Takes the network down and gives the addresses back.
    void remove(PodSpec pod, PodFolder folder, List<IpAddress> own) {
        takeDown(pod, folder, own);
        addresses.release(pod.uid());
    }

    NetworkNamespace namespace(PodSpec pod) {
        return pod.hostNetwork() ? network.node() : network.namespace(pod.uid());
    }

    String hostname(PodSpec pod) {
        return pod.hostNetwork() ? node : pod.kernelHostname(dns.domain());
    }

    /// Where a process of the container runs.
    ///
    /// @param image whose files it sees
    /// @throws StartRefused when a volume cannot be shown
    Isolation isolation(Run run, ImageMap.Image.Files image, boolean ownPids) throws StartRefused {
        PodSpec pod = run.pod();
        ContainerSpec container = run.container();
        PodFolder folder = run.folder();
        List<BindMount> mounts = new ArrayList<>();
        mounts.add(new BindMount(folder.resolvConf(), RESOLV_CONF));
        mounts.add(new BindMount(folder.hosts(), HOSTS));
        mounts.add(new BindMount(folder.hostname(), HOSTNAME));
        mounts.add(new BindMount(run.terminationMessage(), container.terminationMessagePath()));
        image.program()
                .ifPresent(program -> programNames(run, program)
                        .forEach(name -> mounts.add(new BindMount(program, Path.of("/", name), true))));
        try {
            mounts.addAll(volumes.mounts(
                    pod,
                    container,
                    folder,
                    text -> Environment.expand(text, run.environment().get())));
        } catch (MountRefused e) {
            throw new StartRefused("CreateContainerConfigError", e.text());
        }
        boolean privileged = Tree.flag(container.object(), "securityContext", "privileged");
        boolean readOnly = Tree.flag(container.object(), "securityContext", "readOnlyRootFilesystem");
        ContainerRoot root = new ContainerRoot(
                run.root(), image.root(), mounts, readOnly, privileged, List.of(stateFolder.toAbsolutePath()));
        boolean ownIpc = !Tree.flag(pod.object(), "spec", "hostIPC");
        return new Isolation(namespace(pod), List.of(), Optional.of(hostname(pod)), ownPids, ownIpc, Optional.of(root));
    }

    /// Manifests call a program by the name that it has in its image: mostly the image's own.
    private static Set<String> programNames(Run run, Path program) {
        return new TreeSet<>(List.of(
                program.getFileName().toString(),
                ImageMap.baseName(run.container().image())));
    }
}
