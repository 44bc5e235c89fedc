package dev.fairway.node;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.node.ProxySpec.NodePortAddresses;
import dev.fairway.node.ProxySpec.PodDetection;
import dev.fairway.schema.Tree;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The addresses for the data plane: what the node was told, and for the rest what the API and the node's links say.
/// Pure.
///
/// @param self this node's own Node
/// @param serviceCidrs the ServiceCIDR objects
/// @param links the addresses of the node's links
record ProxyAddresses(
        ProxySpec spec, Optional<ObjectNode> self, Collection<ObjectNode> serviceCidrs, List<IpAddress> links) {

    private static final IpAddress LOCALHOST = IpAddress.parse("127.0.0.1");
    private static final List<Cidr> EVERYWHERE = List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0"));

    NodeAddresses toDataplane() {
        List<Cidr> own = spec.podBlocks().isEmpty() ? blocksOfNode() : spec.podBlocks();
        List<Cidr> pods = pods(own);
        List<Cidr> services = services();
        return new NodeAddresses(
                nodePorts(),
                own,
                pods,
                services,
                inside(pods, services),
                spec.forwarding().pods() instanceof PodDetection.ByLink(String link)
                        ? Optional.of(link)
                        : Optional.empty(),
                spec.forwarding().masqueradeAll());
    }

    List<IpAddress> nodePorts() {
        Stream<IpAddress> loopback = spec.forwarding().localhostNodePorts() ? Stream.of(LOCALHOST) : Stream.empty();
        return Stream.concat(chosen().stream(), loopback).toList();
    }

    private List<IpAddress> chosen() {
        return switch (spec.forwarding().nodePorts()) {
            case NodePortAddresses.Fixed(List<IpAddress> addresses) -> addresses;
            case NodePortAddresses.Primary _ -> primary();
            case NodePortAddresses.Within(List<Cidr> blocks) ->
                links.stream()
                        .filter(address -> blocks.stream().anyMatch(block -> block.contains(address)))
                        .filter(address -> !address.toInetAddress().isLoopbackAddress())
                        .filter(address -> !spec.dnsListen().contains(address)) // on the loopback, too
                        .distinct()
                        .sorted()
                        .toList();
        };
    }

    private List<IpAddress> primary() {
        List<IpAddress> all = Stream.of("InternalIP", "ExternalIP")
                .flatMap(type -> ofType(type).stream())
                .toList();
        List<IpAddress> first = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            all.stream()
                    .filter(address -> address.family() == family)
                    .findFirst()
                    .ifPresent(first::add);
        }
        return first;
    }

    private List<IpAddress> ofType(String type) {
        return self.stream()
                .flatMap(node -> Tree.objects(node, "status", "addresses").stream())
                .filter(address -> Tree.text(address, "type").equals(type))
                .flatMap(address -> IpAddress.tryParse(Tree.text(address, "address")).stream())
                .toList();
    }

    private List<Cidr> blocksOfNode() {
        return self.stream()
                .flatMap(node -> Tree.texts(node, "spec", "podCIDRs").stream())
                .map(Cidr::parse)
                .toList();
    }

    /// Who knows no pods cannot tell them from others: then nobody's source is changed on the way to a cluster IP, as
    /// in kube-proxy without a way to detect local traffic.
    private List<Cidr> pods(List<Cidr> own) {
        List<Cidr> told = switch (spec.forwarding().pods()) {
            case PodDetection.ByNodeBlocks _ -> own;
            case PodDetection.ByBlocks _, PodDetection.ByLink _ ->
                spec.network().podRanges().isEmpty() ? own : spec.network().podRanges();
        };
        return told.isEmpty() ? EVERYWHERE : told;
    }

    private List<Cidr> services() {
        List<Cidr> served = serviceCidrs.stream()
                .flatMap(object -> Tree.texts(object, "spec", "cidrs").stream())
                .map(Cidr::parse)
                .distinct()
                .sorted()
                .toList();
        return served.isEmpty() ? spec.network().serviceRanges() : served;
    }

    private List<Cidr> inside(List<Cidr> pods, List<Cidr> services) {
        if (!spec.podsLeaveAsNode()) {
            return List.of();
        }
        return Stream.of(
                        spec.network().podRanges().isEmpty()
                                ? pods
                                : spec.network().podRanges(),
                        services,
                        spec.network().externalNameRanges(),
                        spec.network().insideNetworks())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }
}
