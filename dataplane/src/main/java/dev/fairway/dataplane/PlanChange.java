package dev.fairway.dataplane;

import dev.fairway.dataplane.Block.ElementAt;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.dataplane.ServicePlan.SharedChain;
import dev.fairway.kernel.nft.Element;
import dev.fairway.table.PortEntry;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The next ruleset made from the one before by planning only the Services that changed. It gives up, and everything is
/// planned, where the change is about more than these Services: another one waits for a frontend, or holds it.
final class PlanChange {

    /// Beyond so many shared parts that may be gone it is cheaper to collect all of them again.
    private static final int GONE_MAX = 16;

    private static final SortedWalk<ServicePlan, ServiceEntry> WALK = new SortedWalk<>(
            (plan, entry) -> NftPlan.same(plan.entry(), entry),
            plan -> plan.entry().service(),
            ServiceEntry::service);

    private final Ruleset before;
    private final NodeAddresses addresses;
    private final List<ServicePlan> gone = new ArrayList<>();
    private final List<ServiceEntry> come = new ArrayList<>();

    private PlanChange(Ruleset before, NodeAddresses addresses) {
        this.before = before;
        this.addresses = addresses;
    }

    /// @param before planned for these addresses
    static Optional<Ruleset> apply(Ruleset before, ServiceTable table, NodeAddresses addresses) {
        PlanChange change = new PlanChange(before, addresses);
        WALK.differences(before.plans(), table.services().values(), (plan, entry) -> {
            plan.ifPresent(change.gone::add);
            entry.ifPresent(change.come::add);
        });
        return change.isAboutOthers() ? Optional.empty() : Optional.of(change.next());
    }

    private boolean isAboutOthers() {
        return before.plans().stream().anyMatch(plan -> !plan.lost().isEmpty()) || takesWhatIsHeld();
    }

    private boolean takesWhatIsHeld() {
        Set<FrontendAt> held = new HashSet<>();
        Set<FrontendAt> wanted = new HashSet<>();
        gone.forEach(plan -> held.addAll(frontends(plan.entry())));
        for (ServiceEntry entry : come) {
            Set<FrontendAt> own = frontends(entry);
            int all = wanted.size() + own.size();
            wanted.addAll(own);
            if (wanted.size() < all) {
                return true; // two of those that come want the same
            }
        }
        wanted.removeAll(held);
        List<ElementAt> places = wanted.stream()
                .map(at -> Place.of(at.frontend(), at.protocol()))
                .map(place -> new ElementAt(place.connectionSet(), place.key()))
                .toList();
        return !places.isEmpty()
                && before.plans().stream()
                        .anyMatch(plan -> places.stream()
                                .anyMatch(place -> plan.block().elements().containsKey(place)));
    }

    private static Set<FrontendAt> frontends(ServiceEntry entry) {
        Set<FrontendAt> out = new HashSet<>();
        if (entry.forwarded()) {
            for (PortEntry port : entry.ports()) {
                port.frontends().forEach(frontend -> out.add(new FrontendAt(frontend, port.protocol())));
            }
        }
        return out;
    }

    private Ruleset next() {
        SortedMap<ServiceName, ServicePlan> plans = new TreeMap<>(before.planMap());
        gone.forEach(plan -> plans.remove(plan.entry().service()));
        List<ServicePlan> fresh = new ArrayList<>();
        for (ServiceEntry entry : come) {
            ServicePlan plan = ServicePlanner.plan(entry, Set.of(), addresses, before.finder(entry.service()));
            plans.put(entry.service(), plan);
            fresh.add(plan);
        }
        return new Ruleset(plans, before.base(), shared(plans, fresh), addresses);
    }

    private Block shared(SortedMap<ServiceName, ServicePlan> plans, List<ServicePlan> fresh) {
        Set<ElementAt> elements = new HashSet<>();
        Set<SharedChain> chains = new HashSet<>();
        gone.forEach(plan -> {
            elements.addAll(plan.shared());
            chains.addAll(plan.picks());
        });
        fresh.forEach(plan -> {
            elements.removeAll(plan.shared());
            chains.removeAll(plan.picks());
        });
        if (elements.size() + chains.size() > GONE_MAX) {
            return NftPlan.shared(plans.values(), before);
        }
        elements.removeIf(
                at -> plans.values().stream().anyMatch(plan -> plan.shared().contains(at)));
        chains.removeIf(
                at -> plans.values().stream().anyMatch(plan -> plan.picks().contains(at)));
        boolean nothingNew = fresh.stream().allMatch(this::hasItsShared);
        if (elements.isEmpty() && chains.isEmpty() && nothingNew) {
            return before.shared();
        }
        Block.Builder block = new Block.Builder(before.shared());
        elements.forEach(block::remove);
        chains.forEach(chain -> block.remove(NftPlan.at(chain)));
        for (ServicePlan plan : fresh) {
            plan.shared().forEach(at -> block.put(at.set(), at.key(), Element.Mapped.nothing()));
            plan.picks().forEach(chain -> NftPlan.addTo(block, chain));
        }
        return block.build();
    }

    private boolean hasItsShared(ServicePlan plan) {
        return before.shared().elements().keySet().containsAll(plan.shared())
                && plan.picks().stream()
                        .allMatch(chain -> before.shared().chains().containsKey(NftPlan.at(chain)));
    }
}
