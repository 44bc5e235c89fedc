package dev.fairway.resolve;

import dev.fairway.schema.ObjectKey;
import dev.fairway.table.ServiceName;
import java.util.Set;

/// What may differ from the view that the previous resolution saw. Naming too much costs time, naming too little
/// leaves stale entries.
///
/// @param services keys of Services added, changed or deleted
/// @param slices keys of EndpointSlices added, changed or deleted
/// @param externalNames Services whose external name now resolves to other addresses
/// @param namespaces names of namespaces added or deleted
public record Changes(
        Set<ObjectKey> services, Set<ObjectKey> slices, Set<ServiceName> externalNames, Set<String> namespaces) {

    public Changes {
        services = Set.copyOf(services);
        slices = Set.copyOf(slices);
        externalNames = Set.copyOf(externalNames);
        namespaces = Set.copyOf(namespaces);
    }
}
