package dev.fairway.dataplane;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.kernel.nft.Element;
import dev.fairway.kernel.nft.NftFamily;
import dev.fairway.kernel.nft.NftSet;
import dev.fairway.kernel.nft.Value;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.TrafficPolicy.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A frontend as the sets of its family know it.
///
/// @param key of the frontend in them
record Place(Layout layout, FrontendAt frontend, Element.Key key) {

    static Place of(FrontendAt frontend) {
        Value protocol = new Value.Proto(frontend.protocol().number());
        Value port = new Value.Port(frontend.frontend().port());
        Element.Key key = frontend.address()
                .map(address -> Element.Key.of(Value.of(address), protocol, port))
                .orElseGet(() -> Element.Key.of(protocol, port));
        return new Place(Layout.of(frontend.frontend().family()), frontend, key);
    }

    /// The frontend that has the key; empty for a protocol that no Service has.
    static Optional<FrontendAt> frontend(NftFamily family, Element.Key key) {
        List<Value> values = key.values();
        if (values.getLast() instanceof Value.Port(int port)
                && values.get(values.size() - 2) instanceof Value.Proto(int number)) {
            Frontend frontend = values.getFirst() instanceof Value.Address(IpAddress address)
                    ? new Frontend.ClusterIp(address, port)
                    : new Frontend.NodePort(family == NftFamily.IP ? IpFamily.IPV4 : IpFamily.IPV6, port);
            return Arrays.stream(Protocol.values())
                    .filter(protocol -> protocol.number() == number)
                    .findFirst()
                    .map(protocol -> new FrontendAt(frontend, protocol));
        }
        return Optional.empty();
    }

    /// Empty for a node port.
    Optional<IpAddress> address() {
        return frontend.address();
    }

    Value port() {
        return key.values().getLast();
    }

    Value protocol() {
        return key.values().get(key.values().size() - 2);
    }

    boolean isNodePort() {
        return address().isEmpty();
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

    NftSet strandedSet() {
        return isNodePort() ? layout.strandedNodePorts() : layout.stranded();
    }

    NftSet connectionSet() {
        return isNodePort() ? layout.nodePortConnections() : layout.connections();
    }

    NftSet keepSourceSet() {
        return isNodePort() ? layout.keepSourceNodePorts() : layout.keepSource();
    }

    /// @param slot from 0 in each scope
    Element.Key key(Scope scope, int slot) {
        Value mark = new Value.Mark(firstSlot(scope) + slot);
        List<Value> values = key.values();
        return isNodePort()
                ? Element.Key.of(values.get(0), values.get(1), mark)
                : Element.Key.of(values.get(0), values.get(1), values.get(2), mark);
    }

    static int firstSlot(Scope scope) {
        return switch (scope) {
            case CLUSTER -> 0;
            case LOCAL -> Layout.LOCAL_SLOTS;
        };
    }

    /// The name of the chain that takes turns for this frontend alone. nft reads no colon in a chain's name.
    String turnsName(Scope scope) {
        String where = address().map(it -> it.toString().replace(':', '_')).orElse("nodeport");
        return "%sturns-%s-%s-%s"
                .formatted(
                        scope == Scope.LOCAL ? "local-" : "", where, protocol().toText(), port().toText())
                .toLowerCase(Locale.ROOT);
    }
}
