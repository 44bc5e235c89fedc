package dev.fairway.dataplane;

import dev.fairway.table.Backend;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Turns weights into shares of equally likely slots.
final class Weights {

    /// Half of what there is for a frontend, so that there is room beside it.
    private static final int SLOTS_MAX = Layout.LOCAL_SLOTS / 2;

    private record Turn(double when, Backend backend) {}

    private Weights() {}

    /// Each backend as often as it weighs, all weights divided by what they have in common. Those of one backend are
    /// spread evenly, so that turns go round. Without any weight above 0 all weigh the same: a Service must not
    /// vanish because everyone was told to get nothing.
    static List<Backend> shares(List<Backend> backends) {
        if (isEven(backends)) {
            return backends;
        }
        int common = backends.stream().mapToInt(Backend::weight).reduce(0, Weights::commonDivisor);
        if (common == 0 || backends.stream().allMatch(backend -> backend.weight() == common)) {
            return backends;
        }
        int total = backends.stream().mapToInt(Backend::weight).sum() / common;
        int unit = common * (1 + total / SLOTS_MAX);
        List<Turn> turns = new ArrayList<>();
        for (Backend backend : backends) {
            int times = backend.weight() == 0 ? 0 : Math.max(1, backend.weight() / unit);
            for (int turn = 0; turn < times; turn++) {
                turns.add(new Turn((turn + 0.5) / times, backend));
            }
        }
        turns.sort(Comparator.comparingDouble(Turn::when)); // equal ones stay in order
        return turns.stream().map(Turn::backend).toList();
    }

    /// As it nearly always is.
    private static boolean isEven(List<Backend> backends) {
        for (Backend backend : backends) {
            if (backend.weight() != 1) {
                return false;
            }
        }
        return true;
    }

    private static int commonDivisor(int left, int right) {
        return right == 0 ? left : commonDivisor(right, left % right);
    }
}
