package dev.fairway.node.pod;

import dev.fairway.kernel.Credentials;
import dev.fairway.node.pod.Container.StartRefused;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// As whom a container runs, from the security contexts of the container and its pod and from the image. Pure.
///
/// A process has all capabilities that it is not told to drop: `add` alone changes nothing. SELinux, AppArmor, seccomp,
/// procMount and Windows options are accepted and ignored.
final class ContainerUser {

    private ContainerUser() {}

    /// @param imageUser `UID[:GID]` or empty
    /// @throws StartRefused when it would be root and must not
    static Credentials of(PodSpec pod, ContainerSpec container, String imageUser) throws StartRefused {
        JsonNode own = Tree.at(container.object(), "securityContext");
        JsonNode shared = Tree.at(pod.object(), "spec", "securityContext");
        String[] image = imageUser.split(":", 2);
        long user = number(own, shared, "runAsUser").orElse(parse(image[0]));
        long group = number(own, shared, "runAsGroup").orElse(image.length > 1 ? parse(image[1]) : 0);
        boolean mustNotBeRoot =
                Tree.has(own, "runAsNonRoot") ? Tree.flag(own, "runAsNonRoot") : Tree.flag(shared, "runAsNonRoot");
        if (mustNotBeRoot && user == 0) {
            String why = number(own, shared, "runAsUser").isPresent()
                    ? "container's runAsUser breaks non-root policy"
                    : "container has runAsNonRoot and image will run as root";
            throw new StartRefused(
                    "CreateContainerConfigError",
                    "%s (pod: \"%s_%s(%s)\", container: %s)"
                            .formatted(why, pod.name(), pod.namespace(), pod.uid(), container.name()));
        }
        boolean gainsNothing = Tree.has(own, "allowPrivilegeEscalation") && !Tree.flag(own, "allowPrivilegeEscalation");
        boolean privileged = Tree.flag(own, "privileged");
        return new Credentials(
                user, group, groups(pod, shared), privileged ? Optional.empty() : capabilities(own), gainsNothing);
    }

    private static Optional<Long> number(JsonNode own, JsonNode shared, String field) {
        return Stream.of(own, shared)
                .filter(context -> Tree.has(context, field))
                .map(context -> Tree.number(context, 0, field))
                .findFirst();
    }

    private static long parse(String id) {
        return id.matches("[0-9]{1,10}") ? Long.parseLong(id) : 0;
    }

    private static List<Long> groups(PodSpec pod, JsonNode shared) {
        List<Long> groups = new ArrayList<>();
        for (JsonNode group : Tree.at(shared, "supplementalGroups")) {
            groups.add(group.longValue());
        }
        pod.fsGroup().filter(group -> !groups.contains(group)).ifPresent(groups::add);
        return groups;
    }

    private static Optional<String> capabilities(JsonNode own) {
        if (!(Tree.at(own, "capabilities") instanceof ObjectNode asked)
                || Tree.texts(asked, "drop").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Stream.concat(
                        Tree.texts(asked, "drop").stream().map(name -> "-" + plain(name)),
                        Tree.texts(asked, "add").stream().map(name -> "+" + plain(name)))
                .collect(Collectors.joining(",")));
    }

    /// As `setpriv` names them: `NET_ADMIN`, `CAP_NET_ADMIN` and `net_admin` are one.
    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("^cap_", "");
    }
}
