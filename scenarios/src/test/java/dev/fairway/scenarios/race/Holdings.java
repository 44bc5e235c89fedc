package dev.fairway.scenarios.race;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Replays who holds which address and port, transaction by transaction.
final class Holdings {

    private final boolean addressesWatched;
    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, Set<String>> heldBy = new HashMap<>();
    private final Map<String, String> addresses = new HashMap<>();
    private final Set<String> touched = new HashSet<>();
    private final List<Fault> faults = new ArrayList<>();

    private Holdings(boolean addressesWatched) {
        this.addressesWatched = addressesWatched;
    }

    static List<Fault> check(History history, Timeline timeline) {
        Holdings out = new Holdings(history.watches(Seen.ADDRESSES));
        out.apply(history.initial());
        timeline.transactions().forEach(out::apply);
        return out.faults;
    }

    private void apply(Collection<Seen> transaction) {
        touched.clear();
        transaction.forEach(this::release);
        transaction.forEach(this::take);
        if (addressesWatched) {
            touched.forEach(held -> compare(held, transaction));
        }
    }

    private void release(Seen event) {
        if (event.collection().equals(Seen.ADDRESSES)) {
            touched.addAll(event.holds());
            event.holds().forEach(addresses::remove);
            return;
        }
        Set<String> kept = event.type() == Seen.Type.DELETED ? Set.of() : event.holds();
        for (String held : heldBy.getOrDefault(event.key(), Set.of())) {
            if (!kept.contains(held)) {
                touched.add(held);
                holders.remove(held, event.key());
            }
        }
    }

    private void take(Seen event) {
        if (event.type() == Seen.Type.DELETED) {
            heldBy.remove(event.key());
        } else if (event.collection().equals(Seen.ADDRESSES)) {
            event.holds().forEach(held -> addresses.put(held, event.owner()));
        } else {
            event.holds().forEach(held -> take(event, held));
            heldBy.put(event.key(), new HashSet<>(event.holds()));
        }
    }

    private void take(Seen event, String held) {
        touched.add(held);
        String before = holders.put(held, event.key());
        if (before != null && !before.equals(event.key())) {
            faults.add(new Fault(Fault.Rule.HELD_TWICE, held + " is held by " + before + " and taken by " + event));
        }
    }

    /// Addresses and Services say the same after each transaction.
    private void compare(String held, Collection<Seen> transaction) {
        String holder = holders.getOrDefault(held, "nobody");
        String owner = addresses.getOrDefault(held, "nobody");
        if (held.startsWith("ip/") && !holder.equals(owner)) {
            String text = held + " is of " + holder + ", its IPAddress of " + owner + ", after " + transaction;
            faults.add(new Fault(Fault.Rule.LEAK, text));
        }
    }
}
