package dev.fairway.dataplane;

import dev.fairway.table.ServiceName;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Two collections of Services' parts, each in name order, walked at once. Names are only looked at where the parts
/// differ, so that a walk over many that are the same object costs next to nothing.
///
/// @param same whether two parts are the same; parts of different Services never are
record SortedWalk<L, R>(BiPredicate<L, R> same, Function<L, ServiceName> leftName, Function<R, ServiceName> rightName) {

    /// The plans of two rulesets: the same only if they are the same object.
    @SuppressWarnings("ReferenceEquality") // an unchanged Service keeps its plan
    static final SortedWalk<ServicePlan, ServicePlan> PLANS = new SortedWalk<>(
            (left, right) -> left == right,
            plan -> plan.entry().service(),
            plan -> plan.entry().service());

    /// @param differs told of each Service whose parts differ, in name order; empty where it has none
    void differences(Iterable<L> left, Iterable<R> right, BiConsumer<Optional<L>, Optional<R>> differs) {
        Cursor<L> one = new Cursor<>(left.iterator());
        Cursor<R> other = new Cursor<>(right.iterator());
        while (one.hasPart() && other.hasPart()) {
            if (same.test(one.part(), other.part())) {
                one.advance();
                other.advance();
                continue;
            }
            int order = leftName.apply(one.part()).compareTo(rightName.apply(other.part()));
            differs.accept(
                    order <= 0 ? Optional.of(one.part()) : Optional.empty(),
                    order >= 0 ? Optional.of(other.part()) : Optional.empty());
            if (order <= 0) {
                one.advance();
            }
            if (order >= 0) {
                other.advance();
            }
        }
        one.eachLeft(part -> differs.accept(Optional.of(part), Optional.empty()));
        other.eachLeft(part -> differs.accept(Optional.empty(), Optional.of(part)));
    }

    private static final class Cursor<T> {
        private final Iterator<T> rest;
        private @Nullable T part;

        Cursor(Iterator<T> rest) {
            this.rest = rest;
            advance();
        }

        boolean hasPart() {
            return part != null;
        }

        T part() {
            return Objects.requireNonNull(part);
        }

        void advance() {
            part = rest.hasNext() ? rest.next() : null;
        }

        void eachLeft(Consumer<T> action) {
            while (hasPart()) {
                action.accept(part());
                advance();
            }
        }
    }
}
