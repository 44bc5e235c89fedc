package dev.fairway.dataplane;

import dev.fairway.dataplane.ServicePlan.Parts;
import dev.fairway.dataplane.ServicePlanner.Planned;
import dev.fairway.table.PersistentMap;
import dev.fairway.table.ServiceEntry;
import dev.fairway.table.ServiceName;
import dev.fairway.table.ServiceTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The next ruleset made from the one before by planning only the Services that changed, and those that gain or lose a
/// frontend by it. What it costs depends on these alone.
final class PlanChange {

    private final Ruleset before;
    private final Ruleset inForce;
    private final NodeAddresses addresses;
    private final Set<ServiceName> concerned = new TreeSet<>();
    private final List<ServiceEntry> gone = new ArrayList<>();
    private final List<ServiceEntry> come = new ArrayList<>();
    private final Map<ServiceName, Optional<ServicePlan>> plans = new TreeMap<>();
    private final Map<ServiceName, Parts> fresh = new HashMap<>();
    private final SharedParts.Change shared = new SharedParts.Change();

    /// @param before what is changed: planned for these addresses, or nothing at all
    /// @param inForce where endpoints find the slots that they have
    PlanChange(Ruleset before, Ruleset inForce, NodeAddresses addresses) {
        this.before = before;
        this.inForce = inForce;
        this.addresses = addresses;
    }

    Ruleset to(ServiceTable table) {
        before.entries().differences(table.services(), ServiceEntry::equals, (name, was, is) -> {
            concerned.add(name);
            was.ifPresent(gone::add);
            is.ifPresent(come::add);
        });
        Claims claims = before.claims().with(gone, come);
        concerned.addAll(before.claims().movedTo(claims));
        concerned.forEach(name -> plan(name, table.services().find(name), claims));
        SharedParts needed = before.shared().with(shared);
        return new Ruleset(
                table.services(),
                before.planMap().withAll(plans),
                base(needed),
                needed,
                claims,
                losers(),
                addresses,
                fresh);
    }

    /// Stays the same object as long as the same sets are asked.
    private Block base(SharedParts needed) {
        boolean stays = before.addresses().isPresent()
                && needed.asked().keySet().equals(before.shared().asked().keySet());
        return stays ? before.base() : NftPlan.base(addresses, needed.asked().keySet());
    }

    private void plan(ServiceName name, Optional<ServiceEntry> now, Claims claims) {
        Optional<ServicePlan> had = before.plan(name);
        if (had.isPresent() && now.isPresent() && stays(had.get(), now.get(), claims)) {
            return;
        }
        had.ifPresent(plan -> shared.gone(plan.parts()));
        plans.put(name, now.map(entry -> {
            Planned planned = ServicePlanner.plan(entry, claims.lost(entry), addresses, inForce.slotsOf(name));
            shared.come(planned.parts());
            fresh.put(name, planned.parts());
            return planned.plan();
        }));
    }

    private static boolean stays(ServicePlan plan, ServiceEntry now, Claims claims) {
        return plan.entry().equals(now) && plan.lost().equals(claims.lost(now));
    }

    private PersistentMap<ServiceName, ServicePlan> losers() {
        Map<ServiceName, Optional<ServicePlan>> changes = new TreeMap<>();
        plans.forEach((name, plan) -> {
            Optional<ServicePlan> now = plan.filter(it -> !it.lost().isEmpty());
            if (now.isPresent() || before.losers().containsKey(name)) {
                changes.put(name, now);
            }
        });
        return changes.isEmpty() ? before.losers() : before.losers().withAll(changes);
    }
}
