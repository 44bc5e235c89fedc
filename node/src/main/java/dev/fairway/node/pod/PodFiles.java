package dev.fairway.node.pod;

import dev.fairway.address.IpAddress;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// The texts of a pod's own `/etc/resolv.conf` and `/etc/hosts`. Pure.
public final class PodFiles {

    /// What a pod's resolver is told.
    ///
    /// @param servers the cluster's name servers as this node serves them
    /// @param domain the cluster domain: `cluster.local`
    /// @param hostResolvConf the node's own resolver file, for `dnsPolicy: Default`
    public record ClusterDns(List<IpAddress> servers, String domain, String hostResolvConf) {
        public ClusterDns {
            servers = List.copyOf(servers);
        }
    }

    private static final int SEARCH_DOMAINS_MAX = 32;
    private static final int SEARCH_CHARACTERS_MAX = 2048;
    private static final int NAME_SERVERS_MAX = 3;
    private static final String OWN_NAMES = """
        # Kubernetes-managed hosts file.
        127.0.0.1\tlocalhost
        ::1\tlocalhost ip6-localhost ip6-loopback
        fe00::\tip6-localnet
        fe00::\tip6-mcastprefix
        fe00::1\tip6-allnodes
        fe00::2\tip6-allrouters
        """;

    private PodFiles() {}

    /// `dnsPolicy` and `dnsConfig` decide, as the kubelet does it: ClusterFirst (also for host network only as
    /// ClusterFirstWithHostNet), Default, None.
    public static String resolvConf(PodSpec pod, ClusterDns cluster) {
        String asked = Tree.text(pod.object(), "spec", "dnsPolicy");
        boolean usesHost = asked.equals("Default") || pod.hostNetwork() && !asked.equals("ClusterFirstWithHostNet");
        Resolv base = asked.equals("None")
                ? Resolv.EMPTY
                : usesHost ? Resolv.parse(cluster.hostResolvConf()) : Resolv.ofCluster(pod.namespace(), cluster);
        return base.with(Resolv.ofConfig(pod)).toText();
    }

    /// The lines of a resolver file (resolv.conf(5)).
    private record Resolv(List<String> servers, List<String> searches, List<String> options) {
        static final Resolv EMPTY = new Resolv(List.of(), List.of(), List.of());

        static Resolv ofCluster(String namespace, ClusterDns cluster) {
            String services = "svc." + cluster.domain();
            return new Resolv(
                    cluster.servers().stream().map(IpAddress::toString).toList(),
                    List.of(namespace + "." + services, services, cluster.domain()),
                    List.of("ndots:5"));
        }

        static Resolv parse(String text) {
            Resolv out = EMPTY;
            for (String line : text.lines().toList()) {
                List<String> words = List.of(line.strip().split("\\s+"));
                List<String> rest = words.subList(1, words.size());
                out = switch (words.getFirst()) {
                    case "nameserver" -> out.with(new Resolv(rest, List.of(), List.of()));
                    case "search", "domain" -> new Resolv(out.servers, rest, out.options);
                    case "options" -> out.with(new Resolv(List.of(), List.of(), rest));
                    default -> out;
                };
            }
            return out;
        }

        static Resolv ofConfig(PodSpec pod) {
            List<String> options = Tree.objects(pod.object(), "spec", "dnsConfig", "options").stream()
                    .map(option -> {
                        String value = Tree.text(option, "value");
                        return Tree.text(option, "name") + (value.isEmpty() ? "" : ":" + value);
                    })
                    .toList();
            return new Resolv(
                    Tree.texts(pod.object(), "spec", "dnsConfig", "nameservers"),
                    Tree.texts(pod.object(), "spec", "dnsConfig", "searches"),
                    options);
        }

        Resolv with(Resolv more) {
            return new Resolv(
                    distinct(servers, more.servers), distinct(searches, more.searches), options(more.options));
        }

        /// A later option replaces an earlier one of the same name.
        private List<String> options(List<String> more) {
            List<String> out = new ArrayList<>(options);
            for (String option : more) {
                String name = option.replaceFirst(":.*", "");
                out.removeIf(before -> before.replaceFirst(":.*", "").equals(name));
                out.add(option);
            }
            return out;
        }

        private static List<String> distinct(List<String> first, List<String> second) {
            Set<String> all = new LinkedHashSet<>(first);
            all.addAll(second);
            return List.copyOf(all);
        }

        /// As many as resolvers take: 32 domains of 2048 characters in all.
        private List<String> keptSearches() {
            List<String> kept = new ArrayList<>();
            int characters = 0;
            for (String search : searches) {
                characters += search.length() + (kept.isEmpty() ? 0 : 1);
                if (kept.size() == SEARCH_DOMAINS_MAX || characters > SEARCH_CHARACTERS_MAX) {
                    break;
                }
                kept.add(search);
            }
            return kept;
        }

        String toText() {
            StringBuilder out = new StringBuilder();
            if (!searches.isEmpty()) {
                out.append("search ").append(String.join(" ", keptSearches())).append('\n');
            }
            servers.stream()
                    .limit(NAME_SERVERS_MAX)
                    .forEach(server -> out.append("nameserver ").append(server).append('\n'));
            if (!options.isEmpty()) {
                out.append("options ").append(String.join(" ", options)).append('\n');
            }
            return out.toString();
        }
    }

    /// The pod's own name for each of its addresses, and the names that `hostAliases` add. With the node's network it
    /// has the node's names instead of its own.
    ///
    /// @param hostFile the node's own file
    public static String hosts(PodSpec pod, List<IpAddress> addresses, String domain, String hostFile) {
        StringBuilder out = new StringBuilder(
                pod.hostNetwork() ? "# Kubernetes-managed hosts file (host network).\n" + hostFile : OWN_NAMES);
        if (!pod.hostNetwork()) {
            String host = pod.hostname();
            String names = pod.subdomain().isEmpty() ? host : pod.fullName(domain) + "\t" + host;
            addresses.forEach(
                    address -> out.append(address).append('\t').append(names).append('\n'));
        }
        List<ObjectNode> aliases = Tree.objects(pod.object(), "spec", "hostAliases");
        if (!aliases.isEmpty()) {
            out.append("\n# Entries added by HostAliases.\n");
        }
        aliases.forEach(alias -> out.append(Tree.text(alias, "ip"))
                .append('\t')
                .append(String.join("\t", Tree.texts(alias, "hostnames")))
                .append('\n'));
        return out.toString();
    }
}
