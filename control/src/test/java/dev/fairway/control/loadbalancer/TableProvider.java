package dev.fairway.control.loadbalancer;

import dev.fairway.address.IpAddress;
import dev.fairway.address.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// Hands out addresses and only keeps a table of them.
public final class TableProvider implements LoadBalancerProvider {

    private final Map<String, Request> requests = new ConcurrentSkipListMap<>();
    private final Map<IpAddress, String> owners = new ConcurrentSkipListMap<>();
    private volatile Optional<String> failure = Optional.empty();

    public Map<String, Request> requests() {
        return Map.copyOf(requests);
    }

    public void fail(Optional<String> message) {
        failure = message;
    }

    @Override
    public String loadBalancerClass() {
        return "fairway.dev/table";
    }

    @Override
    public synchronized Assigned ensure(Request request) {
        failIfAsked();
        requests.put(request.uid(), request);
        List<IpAddress> out = new ArrayList<>();
        request.families().forEach(family -> out.add(addressFor(request, family)));
        return new Assigned(out);
    }

    @Override
    public synchronized void release(String namespace, String name, String uid) {
        failIfAsked();
        requests.values().stream()
                .filter(request ->
                        request.namespace().equals(namespace) && request.name().equals(name))
                .filter(request -> uid.isEmpty() || request.uid().equals(uid))
                .map(Request::uid)
                .toList()
                .forEach(held -> {
                    requests.remove(held);
                    owners.values().removeIf(held::equals);
                });
    }

    private void failIfAsked() {
        failure.ifPresent(message -> {
            throw new IllegalStateException(message);
        });
    }

    private IpAddress addressFor(Request request, IpFamily family) {
        List<IpAddress> candidates = new ArrayList<>(request.wantedAddresses());
        IpAddress first = IpAddress.parse(family == IpFamily.IPV4 ? "203.0.113.0" : "2001:db8:203::");
        for (int offset = 1; offset < 255; offset++) {
            candidates.add(first.plus(offset));
        }
        return candidates.stream()
                .filter(address -> address.family() == family)
                .filter(address -> {
                    String owner = owners.putIfAbsent(address, request.uid());
                    return owner == null || owner.equals(request.uid());
                })
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no free address"));
    }
}
