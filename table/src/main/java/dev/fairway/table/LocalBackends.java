package dev.fairway.table;

import java.util.List;

/// The endpoints on this node, for traffic that must not leave it; both families, sorted.
///
/// @param backends the ready ones; in a family without any, those that still serve while they terminate
/// @param ready those of them that are ready: how many clients a load balancer should send here
public record LocalBackends(List<Backend> backends, List<Backend> ready) {

    public LocalBackends {
        backends = List.copyOf(backends);
        ready = List.copyOf(ready);
    }

    static LocalBackends readyAmong(List<Backend> backends) {
        List<Backend> local = backends.stream().filter(Backend::local).toList();
        return new LocalBackends(local, local);
    }
}
