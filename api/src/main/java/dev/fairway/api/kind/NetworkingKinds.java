package dev.fairway.api.kind;

import dev.fairway.api.kind.Kind.Trait;
import dev.fairway.schema.Resource;
import java.util.List;

/// The kinds of `networking.k8s.io`. Ingresses, their classes and network policies are kept for those who act on them.
final class NetworkingKinds {

    private NetworkingKinds() {}

    static List<Kind> all() {
        return List.of(
                Kind.of(Resource.SERVICE_CIDRS)
                        .withSubresources(Subresource.STATUS)
                        .withRules(new ServiceCidrRules())
                        .withPrinter(NetworkingPrinters.SERVICE_CIDR),
                Kind.of(Resource.IP_ADDRESSES)
                        .withShortNames("ip")
                        .withRules(new IpAddressRules())
                        .withPrinter(NetworkingPrinters.IP_ADDRESS),
                Kind.of(Resource.INGRESSES)
                        .withShortNames("ing")
                        .withSubresources(Subresource.STATUS)
                        .withTraits(Trait.GENERATION)
                        .withRules(new IngressRules())
                        .withPrinter(NetworkingPrinters.INGRESS),
                Kind.of(Resource.INGRESS_CLASSES)
                        .withTraits(Trait.GENERATION)
                        .withRules(new IngressClassRules())
                        .withPrinter(NetworkingPrinters.INGRESS_CLASS),
                Kind.of(Resource.NETWORK_POLICIES)
                        .withShortNames("netpol")
                        .withTraits(Trait.GENERATION)
                        .withRules(new NetworkPolicyRules())
                        .withPrinter(NetworkingPrinters.NETWORK_POLICY));
    }
}
