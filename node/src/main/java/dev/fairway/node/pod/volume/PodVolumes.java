package dev.fairway.node.pod.volume;

import dev.fairway.kernel.BindMount;
import dev.fairway.kernel.KernelException;
import dev.fairway.kernel.Mounts;
import dev.fairway.node.pod.ContainerSpec;
import dev.fairway.node.pod.DownwardApi;
import dev.fairway.node.pod.PodFolder;
import dev.fairway.node.pod.PodSpec;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Quantity;
import dev.fairway.schema.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// The volumes of pods: emptyDir, configMap, secret, downwardAPI, projected and hostPath. They are made below the pod's
/// folder before its containers start, shown to each container by bind mounts, and kept up to date.
public final class PodVolumes {

    private static final Set<String> FROM_API = Set.of("configMap", "secret", "downwardAPI", "projected");
    private static final DateTimeFormatter REVISION =
            DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss.nnnnnnnnn").withZone(ZoneOffset.UTC);

    private final Clock clock;

    public PodVolumes(Clock clock) {
        this.clock = clock;
    }

    /// Makes all volumes of the pod; what is there is brought up to date.
    ///
    /// @throws MountRefused naming the volume
    public void make(DownwardApi downward, ApiObjects objects, PodFolder folder) throws MountRefused {
        makeLocal(downward.pod(), folder);
        refresh(downward, objects, folder);
    }

    /// Makes the volumes for which the API need not be asked.
    ///
    /// @throws MountRefused naming the volume
    public void makeLocal(PodSpec pod, PodFolder folder) throws MountRefused {
        for (ObjectNode volume : volumes(pod)) {
            if (!isFromApi(volume)) {
                named(volume, () -> local(volume, pod, folder));
            }
        }
    }

    /// Brings the volumes up to date that show what the API has.
    ///
    /// @throws MountRefused naming the volume
    public void refresh(DownwardApi downward, ApiObjects objects, PodFolder folder) throws MountRefused {
        for (ObjectNode volume : volumes(downward.pod())) {
            if (isFromApi(volume)) {
                named(volume, () -> fromApi(volume, downward, objects, folder));
            }
        }
    }

    private interface Step {
        void run() throws MountRefused, IOException;
    }

    private static void named(ObjectNode volume, Step step) throws MountRefused {
        String name = Tree.text(volume, "name");
        try {
            step.run();
        } catch (MountRefused e) {
            throw MountRefused.ofVolume(name, e.text());
        } catch (ApiException e) {
            throw MountRefused.ofVolume(name, e.text());
        } catch (IOException | KernelException e) {
            throw MountRefused.ofVolume(name, String.valueOf(e.getMessage()));
        }
    }

    private void fromApi(ObjectNode volume, DownwardApi downward, ApiObjects objects, PodFolder folder)
            throws MountRefused, IOException {
        AtomicFolder files = new AtomicFolder(folder.volume(Tree.text(volume, "name")));
        Instant now = clock.instant();
        SortedMap<String, VolumeFile> before = files.read().orElseGet(TreeMap::new);
        files.write(
                VolumeContent.of(volume, downward, objects, before, now),
                downward.pod().fsGroup(),
                REVISION.format(now));
    }

    private static void local(ObjectNode volume, PodSpec pod, PodFolder folder) throws MountRefused, IOException {
        if (Tree.has(volume, "emptyDir")) {
            emptyDir(volume, folder.volume(Tree.text(volume, "name")), pod.fsGroup());
        } else if (Tree.has(volume, "hostPath")) {
            HostPath.check(Path.of(Tree.text(volume, "hostPath", "path")), Tree.text(volume, "hostPath", "type"));
        } else {
            throw new MountRefused(
                    "only emptyDir, configMap, secret, downwardAPI, projected and hostPath volumes are made here");
        }
    }

    private static boolean isFromApi(ObjectNode volume) {
        return FROM_API.stream().anyMatch(volume::has);
    }

    private static void emptyDir(ObjectNode volume, Path own, Optional<Long> group) throws IOException {
        boolean fresh = !Files.isDirectory(own);
        Files.createDirectories(own);
        boolean inMemory = Tree.text(volume, "emptyDir", "medium").equals("Memory");
        boolean mounts = inMemory && !Mounts.below(own).contains(own);
        if (mounts) {
            String size = Quantity.of(Tree.at(volume, "emptyDir", "sizeLimit"))
                    .map(limit -> ",size=" + limit.in(Quantity.of(1)))
                    .orElse("");
            Mounts.tmpfs(own, "mode=1777" + size);
        }
        if (fresh || mounts) {
            Files.setAttribute(own, "unix:mode", group.isPresent() ? 02777 : 0777);
            if (group.isPresent()) {
                Files.setAttribute(own, "unix:gid", group.get().intValue());
            }
        }
    }

    /// Whether what the pod's volumes show can change while it runs.
    public static boolean canChange(PodSpec pod) {
        return volumes(pod).stream().anyMatch(PodVolumes::isFromApi);
    }

    private static List<ObjectNode> volumes(PodSpec pod) {
        return Tree.objects(pod.object(), "spec", "volumes");
    }

    /// How one container sees the volumes.
    ///
    /// @param expand replaces variables in `subPathExpr`
    /// @throws MountRefused naming the mount
    public List<BindMount> mounts(PodSpec pod, ContainerSpec container, PodFolder folder, UnaryOperator<String> expand)
            throws MountRefused {
        List<BindMount> mounts = new ArrayList<>();
        for (ObjectNode mount : Tree.objects(container.object(), "volumeMounts")) {
            String name = Tree.text(mount, "name");
            ObjectNode volume = volumes(pod).stream()
                    .filter(candidate -> Tree.text(candidate, "name").equals(name))
                    .findFirst()
                    .orElseThrow(() -> new MountRefused("volume \"" + name + "\" is not among spec.volumes"));
            Path source =
                    Tree.has(volume, "hostPath") ? Path.of(Tree.text(volume, "hostPath", "path")) : folder.volume(name);
            String subPath = Tree.text(mount, "subPath") + expand.apply(Tree.text(mount, "subPathExpr"));
            boolean readOnly = Tree.flag(mount, "readOnly") || isFromApi(volume);
            mounts.add(new BindMount(
                    subPath.isEmpty() ? source : within(source, subPath),
                    Path.of(Tree.text(mount, "mountPath")),
                    readOnly));
        }
        return mounts;
    }

    /// The part of a volume that a mount shows: a folder is made when nothing is there. It is resolved now, so that it
    /// stays what it is when the volume changes, and so that no link leads out.
    private static Path within(Path volume, String subPath) throws MountRefused {
        try {
            Path wanted = volume.resolve(subPath).normalize();
            makeFolders(volume, wanted);
            Path real = wanted.toRealPath();
            requireInside(volume, real);
            return real;
        } catch (IOException e) {
            throw new MountRefused("subPath \"" + subPath + "\": " + e);
        }
    }

    private static void requireInside(Path volume, Path real) throws IOException, MountRefused {
        if (!real.startsWith(volume.toRealPath())) {
            throw new MountRefused("subPath leads out of its volume, to " + real);
        }
    }

    /// Makes what is missing on the way, with the volume's own permissions and group.
    private static void makeFolders(Path volume, Path wanted) throws IOException, MountRefused {
        if (wanted.equals(volume) || !wanted.startsWith(volume) || Files.exists(wanted, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path parent = wanted.resolve("..").normalize();
        makeFolders(volume, parent);
        requireInside(volume, parent.toRealPath());
        Files.createDirectory(wanted);
        Files.setAttribute(wanted, "unix:gid", Files.getAttribute(volume, "unix:gid"));
        Files.setAttribute(wanted, "unix:mode", (int) Files.getAttribute(volume, "unix:mode") & 07777);
    }

    /// Ends file systems in memory; other contents go with the pod's folder.
    public void remove(PodFolder folder) {
        unmountBelow(folder.path());
    }

    /// Takes away every mount at or below a folder, the deepest first.
    public static void unmountBelow(Path folder) {
        Mounts.below(folder).reversed().forEach(Mounts::remove);
    }
}
