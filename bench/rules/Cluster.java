package dev.fairway.bench;

import dev.fairway.address.Cidr;
import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.NodeAddresses;
import dev.fairway.table.Backend;
import dev.fairway.table.Balancing;
import dev.fairway.table.Frontend;
import dev.fairway.table.NameEntry;
import dev.fairway.table.PortEntry;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import dev.fairway.table.SessionAffinity;
import java.util.ArrayList;
import java.util.List;

/// Services of one TCP port with a cluster IP each, and their endpoints.
final class Cluster {

    private static final Cidr SERVICES = Cidr.parse("10.96.0.0/12");
    private static final Cidr PODS = Cidr.parse("10.128.0.0/9");

    static final NodeAddresses NODE = new NodeAddresses(
            List.of(IpAddress.parse("192.0.2.1")), List.of(), List.of(PODS), List.of(SERVICES), List.of());

    private Cluster() {}

    /// @param variant tables of different variants have other endpoints
    static ServiceTable table(long revision, int services, int endpoints, int variant) {
        List<ServiceEntry> entries = new ArrayList<>();
        for (int service = 0; service < services; service++) {
            entries.add(service(service, endpoints, variant * endpoints));
        }
        return ServiceTable.of(revision, entries, List.of("bench"));
    }

    /// The next table: another Service has one other endpoint.
    static ServiceTable withOneChanged(ServiceTable before, int change, int services, int endpoints) {
        ServiceEntry changed = service(number(change, services), endpoints, 1);
        return new ServiceTable(
                before.revision() + 1, before.services().with(changed.service(), changed), before.namespaces());
    }

    /// Which Service a change is about; far apart from the one before.
    static int number(int change, int services) {
        return change * 37 % services;
    }

    private static ServiceEntry service(int number, int endpoints, int shift) {
        Frontend frontend = new Frontend.ClusterIp(clusterIp(number), 80);
        List<Backend> backends = new ArrayList<>();
        for (int endpoint = 0; endpoint < endpoints; endpoint++) {
            backends.add(new Backend(endpoint(number, endpoint + shift), 8080, false));
        }
        PortEntry port = new PortEntry("", Protocol.TCP, 80, List.of(frontend), backends);
        ServiceName name = new ServiceName("bench", "s" + number);
        return new ServiceEntry(
                name,
                new NameEntry.Addresses(List.of(clusterIp(number))),
                List.of(port),
                Balancing.RANDOM,
                SessionAffinity.NONE,
                true);
    }

    static IpAddress clusterIp(int service) {
        return SERVICES.at(1 + service);
    }

    static IpAddress endpoint(int service, int endpoint) {
        return PODS.at(64L * service + endpoint);
    }
}
