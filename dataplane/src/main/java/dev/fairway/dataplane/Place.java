package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A frontend as the sets of its family know it.
///
/// @param address empty for a node port
record Place(Layout layout, Optional<IpAddress> address, Value.Proto protocol, Value.Port port) {

    boolean isNodePort() {
        return address.isEmpty();
    }

    /// Where packets find the chain that picks; those from outside look into `outsideSet` before.
    NftSet frontendSet() {
        return isNodePort() ? layout.nodePorts() : layout.services();
    }

    NftSet outsideSet() {
        return isNodePort() ? layout.outsideNodePorts() : layout.outside();
    }

    NftSet endpointSet() {
        return isNodePort() ? layout.nodePortEndpoints() : layout.endpoints();
    }

    NftSet unservedSet() {
        return isNodePort() ? layout.unservedNodePorts() : layout.unserved();
    }

    NftSet connectionSet() {
        return isNodePort() ? layout.nodePortConnections() : layout.connections();
    }

    NftSet keepSourceSet() {
        return isNodePort() ? layout.keepSourceNodePorts() : layout.keepSource();
    }

    static Place of(Frontend frontend, Protocol protocol) {
        Optional<IpAddress> address = switch (frontend) {
            case Frontend.NodePort _ -> Optional.empty();
            case Frontend.ClusterIp(IpAddress at, int _) -> Optional.of(at);
            case Frontend.LoadBalancer(IpAddress at, int _) -> Optional.of(at);
            case Frontend.ExternalIp(IpAddress at, int _) -> Optional.of(at);
            case Frontend.Mapped(IpAddress at, int _) -> Optional.of(at);
        };
        return new Place(
                Layout.of(frontend.family()),
                address,
                new Value.Proto(protocol.number()),
                new Value.Port(frontend.port()));
    }

    Element.Key key() {
        return address.isPresent()
                ? Element.Key.of(Value.of(address.get()), protocol, port)
                : Element.Key.of(protocol, port);
    }

    /// @param slot from 0 in each scope
    Element.Key key(Scope scope, int slot) {
        List<Value> values = new ArrayList<>(key().values());
        values.add(new Value.Mark(firstSlot(scope) + slot));
        return new Element.Key(values);
    }

    static int firstSlot(Scope scope) {
        return switch (scope) {
            case CLUSTER -> 0;
            case LOCAL -> Layout.LOCAL_SLOTS;
        };
    }

    /// The name of the chain that takes turns for this frontend alone. nft reads no colon in a chain's name.
    String turnsName(Scope scope) {
        String where = address.map(it -> it.toString().replace(':', '_')).orElse("nodeport");
        return "%sturns-%s-%s-%s"
                .formatted(scope == Scope.LOCAL ? "local-" : "", where, protocol.toText(), port.toText())
                .toLowerCase(Locale.ROOT);
    }
}
