package dev.fairway.app.page;

import dev.fairway.picture.page.Drop;
import dev.fairway.table.ServiceName;
import java.util.List;
import java.util.Map;

/// What the nodes' kernels have counted.
public interface Observed {

    /// Of a cluster whose nodes cannot be looked into.
    Observed NOTHING = new Observed() {
        @Override
        public Map<ServiceName, Long> connections() {
            return Map.of();
        }

        @Override
        public List<Drop> drops(ServiceName service) {
            return List.of();
        }
    };

    /// New connections to each Service since the rules are there, of all nodes together.
    Map<ServiceName, Long> connections();

    /// Packets to the Service that did not pass.
    List<Drop> drops(ServiceName service);
}
