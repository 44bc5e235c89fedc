package dev.fairway.bench;

import java.util.ArrayList;
import java.util.List;

/// Figures of the same thing, one of each round.
record Figures(List<Double> values) {

    Figures {
        values = List.copyOf(values);
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /// Round by round, so that what slows down the machine for a while slows down both.
    Figures dividedBy(Figures others) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < values.size(); round++) {
            ratios.add(values.get(round) / others.values.get(round));
        }
        return new Figures(ratios);
    }

    /// Between which two figures the median would be in 95 of 100 such runs.
    private List<Double> interval() {
        List<Double> sorted = values.stream().sorted().toList();
        // the rank of the median among n independent figures is n / 2, give or take 0.98 times the root of n
        int aside = (int) Math.ceil(0.98 * Math.sqrt(sorted.size()));
        int low = Math.max(0, sorted.size() / 2 - aside);
        int high = Math.min(sorted.size() - 1, sorted.size() / 2 + aside);
        return List.of(sorted.get(low), sorted.get(high));
    }

    /// Whether chance alone would hardly ever bring the median so far down.
    boolean isBelow(double bound) {
        return interval().getLast() < bound;
    }

    @Override
    public String toString() {
        String form = median() < 100 ? "%.3f (%.3f to %.3f)" : "%,.0f (%,.0f to %,.0f)";
        return form.formatted(median(), interval().getFirst(), interval().getLast());
    }
}
