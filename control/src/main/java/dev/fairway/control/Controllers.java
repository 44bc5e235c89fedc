package dev.fairway.control;

import dev.fairway.control.addresses.AddressRepairController;
import dev.fairway.control.addresses.ServiceCidrController;
import dev.fairway.control.endpoints.EndpointSliceController;
import dev.fairway.control.endpoints.EndpointsController;
import dev.fairway.control.endpoints.MirroringController;
import dev.fairway.control.explain.ServiceFaultController;
import dev.fairway.control.explain.ServiceFaults;
import dev.fairway.control.lifecycle.DefaultObjectsController;
import dev.fairway.control.lifecycle.EventExpiryController;
import dev.fairway.control.lifecycle.GarbageController;
import dev.fairway.control.lifecycle.NamespaceController;
import dev.fairway.control.lifecycle.NodeLifecycleController;
import dev.fairway.control.lifecycle.PodGarbageController;
import dev.fairway.control.loadbalancer.LoadBalancerController;
import dev.fairway.control.loadbalancer.LoadBalancerProvider;
import dev.fairway.control.loop.ControlLoop;
import dev.fairway.control.loop.Controller;
import dev.fairway.control.loop.Controller.Trigger;
import dev.fairway.control.loop.Index;
import dev.fairway.control.loop.Mirrors;
import dev.fairway.control.placement.PlacementController;
import dev.fairway.control.programmed.ProgrammedController;
import dev.fairway.control.workloads.DaemonSetController;
import dev.fairway.control.workloads.DeploymentController;
import dev.fairway.control.workloads.ReplicaController;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// All controllers of a cluster, running over shared mirrors.
public final class Controllers implements AutoCloseable {

    private final Mirrors mirrors;
    private final List<ControlLoop> loops;

    private Controllers(Mirrors mirrors, List<ControlLoop> loops) {
        this.mirrors = mirrors;
        this.loops = loops;
    }

    /// Starts them over all collections that the server offers now; returns once it has said which.
    ///
    /// @param clock the wall clock
    /// @throws dev.fairway.schema.ApiException when the server cannot be asked
    public static Controllers start(ApiClient client, Clock clock, LoadBalancerProvider provider, Settings settings) {
        return start(client, clock, Optional.of(provider), Optional.empty(), settings);
    }

    /// The same, with nobody to serve LoadBalancer addresses when there is no provider, and with nobody to tell why a
    /// Service does not work when nobody finds faults.
    public static Controllers start(
            ApiClient client,
            Clock clock,
            Optional<LoadBalancerProvider> provider,
            Optional<ServiceFaults> faults,
            Settings settings) {
        GarbageController garbage = new GarbageController(client, ownable(client.resources()));
        List<Index> indexes = new ArrayList<>(Indexes.ALL);
        indexes.addAll(garbage.indexes());
        List<Controller> all = new ArrayList<>(List.of(
                new DefaultObjectsController(settings),
                new NodeLifecycleController(client, settings.nodeSilence(), clock.instant()),
                new PlacementController(),
                ReplicaController.ofReplicaSets(client),
                ReplicaController.ofReplicationControllers(client),
                new DaemonSetController(client),
                new DeploymentController(client),
                new EndpointSliceController(settings.endpointsPerSlice()),
                new EndpointsController(),
                new MirroringController(),
                new NamespaceController(client),
                new PodGarbageController(PodGarbageController.KEPT),
                new ProgrammedController(),
                new EventExpiryController(Duration.ofHours(1)),
                new ServiceCidrController(client, settings.serviceRanges()),
                new AddressRepairController(client),
                garbage));
        provider.ifPresent(balancer -> all.add(new LoadBalancerController(balancer)));
        faults.ifPresent(finder -> all.add(new ServiceFaultController(finder)));
        return run(client, clock, indexes, all);
    }

    /// Events come and go too often, and nobody owns them.
    private static List<Resource> ownable(List<Resource> served) {
        return served.stream()
                .filter(resource -> !resource.plural().equals(Resource.EVENTS.plural()))
                .toList();
    }

    /// Only the load balancer controller, for a cluster that runs all the others itself.
    public static Controllers startLoadBalancer(ApiClient client, Clock clock, LoadBalancerProvider provider) {
        return run(client, clock, List.of(), List.of(new LoadBalancerController(provider)));
    }

    private static Controllers run(ApiClient client, Clock clock, List<Index> indexes, List<Controller> controllers) {
        Set<Resource> resources = new LinkedHashSet<>();
        controllers.forEach(controller ->
                controller.triggers().stream().map(Trigger::resource).forEach(resources::add));
        Mirrors mirrors = Mirrors.start(client, resources, indexes);
        List<ControlLoop> loops = controllers.stream()
                .map(controller -> ControlLoop.start(controller, client, mirrors, clock))
                .toList();
        return new Controllers(mirrors, loops);
    }

    /// What does not work just now: by controller and object, with the newest failure.
    public SortedMap<String, String> problems() {
        SortedMap<String, String> out = new TreeMap<>();
        mirrors.problems().forEach((collection, text) -> out.put("mirror: " + collection, text));
        loops.forEach(loop -> loop.problems().forEach((key, text) -> out.put(loop.name() + ": " + key, text)));
        return out;
    }

    /// Looks at the clock again, for clocks that jump (a machine that slept, a test).
    public void wake() {
        loops.forEach(ControlLoop::wake);
    }

    /// Stops deciding; a write in progress may still complete.
    @Override
    public void close() {
        loops.forEach(ControlLoop::close);
        mirrors.close();
    }
}
