package dev.fairway.control.workloads;

import java.util.ArrayList;
import java.util.List;

/// The next step of a rollout, over plain numbers.
final class Rollout {

    /// A ReplicaSet as the rollout sees it.
    ///
    /// @param wanted `spec.replicas`
    /// @param available `status.availableReplicas`
    record Scale(String name, int wanted, int available) {
        Scale to(int replicas) {
            return new Scale(name, replicas, available);
        }
    }

    private Rollout() {}

    /// The ReplicaSets to scale now, with their new numbers; empty when the step has to wait or all is done.
    ///
    /// @param fresh the ReplicaSet of the current template
    /// @param old all others, the oldest first
    static List<Scale> plan(RolloutLimits limits, Scale fresh, List<Scale> old) {
        int newWanted = wantedOfNew(limits, fresh, old);
        return newWanted != fresh.wanted() ? List.of(fresh.to(newWanted)) : scaleDownOld(limits, fresh, old);
    }

    /// As many new pods as the surge allows.
    static int wantedOfNew(RolloutLimits limits, Scale fresh, List<Scale> old) {
        if (fresh.wanted() >= limits.replicas()) {
            return limits.replicas();
        }
        int total = fresh.wanted() + sumOfWanted(old);
        int room = Math.max(0, limits.maxTotal() - total);
        return fresh.wanted() + Math.min(room, limits.replicas() - fresh.wanted());
    }

    private static List<Scale> scaleDownOld(RolloutLimits limits, Scale fresh, List<Scale> old) {
        int oldWanted = sumOfWanted(old);
        int unavailableNew = Math.max(0, fresh.wanted() - fresh.available());
        int mayGo = oldWanted + fresh.wanted() - limits.minAvailable() - unavailableNew;
        if (oldWanted == 0 || mayGo <= 0) {
            return List.of();
        }
        List<Scale> healthy = dropUnavailable(old, mayGo);
        return changes(old, dropAvailable(limits, fresh, healthy));
    }

    /// Old pods that do not serve go first: nothing is lost by it.
    private static List<Scale> dropUnavailable(List<Scale> old, int mayGo) {
        List<Scale> out = new ArrayList<>();
        int left = mayGo;
        for (Scale scale : old) {
            int dropped = Math.clamp(scale.wanted() - scale.available(), 0, left);
            left -= dropped;
            out.add(scale.to(scale.wanted() - dropped));
        }
        return out;
    }

    /// Then pods that serve, as long as enough others do.
    private static List<Scale> dropAvailable(RolloutLimits limits, Scale fresh, List<Scale> old) {
        int available =
                fresh.available() + old.stream().mapToInt(Scale::available).sum();
        int left = Math.max(0, available - limits.minAvailable());
        List<Scale> out = new ArrayList<>();
        for (Scale scale : old) {
            int dropped = Math.min(scale.wanted(), left);
            left -= dropped;
            out.add(scale.to(scale.wanted() - dropped));
        }
        return out;
    }

    private static List<Scale> changes(List<Scale> before, List<Scale> after) {
        return after.stream().filter(scale -> !before.contains(scale)).toList();
    }

    private static int sumOfWanted(List<Scale> scales) {
        return scales.stream().mapToInt(Scale::wanted).sum();
    }
}
