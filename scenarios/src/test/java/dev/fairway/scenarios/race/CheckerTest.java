package dev.fairway.scenarios.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.scenarios.race.Fault.Rule;
import dev.fairway.scenarios.race.Operation.Outcome;
import dev.fairway.scenarios.race.Operation.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The checker finds each kind of fault that is planted into a history, and none in a history without one.
class CheckerTest {

    private static final int SEEDS = 40;

    /// What is planted, and the rule by which it must be found.
    enum Planted {
        EVENT_TWICE(Rule.ONCE),
        EVENTS_SWAPPED(Rule.ORDER),
        EVENT_LOST(Rule.COMPLETE),
        EVENT_ALTERED(Rule.COMPLETE),
        DELETION_LOST_BY_ALL(Rule.LIFE),
        ADDRESS_HELD_TWICE(Rule.HELD_TWICE),
        PORT_HELD_TWICE(Rule.HELD_TWICE),
        ADDRESS_LEFT_BEHIND(Rule.LEAK),
        ADDRESS_MISSING(Rule.LEAK),
        WRITE_LOST(Rule.ACKNOWLEDGED),
        WRITE_ACKNOWLEDGED_TWICE(Rule.ACKNOWLEDGED),
        WRITE_OF_NOBODY(Rule.INVENTED),
        READ_OF_NOTHING(Rule.INVENTED),
        STALE_READ(Rule.LINEAR),
        READ_OF_THE_FUTURE(Rule.LINEAR),
        WRITES_AGAINST_TIME(Rule.LINEAR),
        ABSENT_ALTHOUGH_THERE(Rule.LINEAR),
        PRESENT_ALTHOUGH_NOT_THERE(Rule.LINEAR);

        private final Rule rule;

        Planted(Rule rule) {
            this.rule = rule;
        }
    }

    @Test
    void aHistoryWithoutFaultsIsAccepted() {
        for (int seed = 0; seed < SEEDS; seed++) {
            assertThat(Checker.check(HistoryMaker.make(seed, 300)))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPlantedFaultIsFound(Planted planted) {
        for (int seed = 0; seed < SEEDS; seed++) {
            History history = plant(planted, HistoryMaker.make(seed, 300), new Random(seed));
            assertThat(Checker.check(history).stream().map(Fault::rule))
                    .as("seed %d", seed)
                    .contains(planted.rule);
        }
    }

    private static History plant(Planted planted, History history, Random random) {
        return switch (planted) {
            case EVENT_TWICE ->
                inFirst(history, events -> {
                    int at = random.nextInt(events.size());
                    events.add(at + 1, events.get(at));
                });
            case EVENTS_SWAPPED ->
                inFirst(history, events -> {
                    int at = random.nextInt(events.size() - 1);
                    events.add(at + 1, events.remove(at));
                });
            case EVENT_LOST -> inFirst(history, events -> events.remove(random.nextInt(events.size())));
            case EVENT_ALTERED ->
                inFirst(history, events -> events.replaceAll(altered(pick(events, random, _ -> true))));
            case DELETION_LOST_BY_ALL -> without(history, recreated(history));
            case ADDRESS_HELD_TWICE -> heldTwice(history, random, "ip/");
            case PORT_HELD_TWICE -> heldTwice(history, random, "port/");
            case ADDRESS_LEFT_BEHIND -> without(history, address(history, random, Seen.Type.DELETED));
            case ADDRESS_MISSING -> without(history, address(history, random, Seen.Type.ADDED));
            case WRITE_LOST -> without(history, eventOf(history, anyDone(history, random, Operation::isWrite)));
            case WRITE_ACKNOWLEDGED_TWICE -> with(history, anyDone(history, random, Operation::isWrite));
            case WRITE_OF_NOBODY -> withoutAsker(history, random);
            case READ_OF_NOTHING -> with(history, read(anyDone(history, random, Operation::isWrite), 5, 0));
            case STALE_READ -> staleRead(history);
            case READ_OF_THE_FUTURE -> {
                Operation create = anyDone(history, random, it -> it.verb() == Verb.CREATE);
                yield with(history, read(create, create.revision(), -5_000));
            }
            case WRITES_AGAINST_TIME -> writesAgainstTime(history);
            case ABSENT_ALTHOUGH_THERE -> answer(history, Seen.Type.ADDED, Verb.READ, Outcome.ABSENT);
            case PRESENT_ALTHOUGH_NOT_THERE -> answer(history, Seen.Type.DELETED, Verb.CREATE, Outcome.PRESENT);
        };
    }

    private interface Edit {
        void edit(List<Seen> events);
    }

    private static History inFirst(History history, Edit edit) {
        return streams(history, stream -> {
            if (!stream.equals(history.streams().getFirst())) {
                return stream;
            }
            List<Seen> events = new ArrayList<>(stream.events());
            edit.edit(events);
            return with(stream, events);
        });
    }

    private static History streams(History history, UnaryOperator<WatchStream> edit) {
        return new History(
                history.initial(), history.streams().stream().map(edit).toList(), history.operations());
    }

    private static WatchStream with(WatchStream stream, List<Seen> events) {
        return new WatchStream(stream.name(), stream.collection(), stream.after(), stream.upTo(), events);
    }

    private static History without(History history, Seen lost) {
        return streams(
                history,
                stream -> with(
                        stream,
                        stream.events().stream()
                                .filter(event -> !event.equals(lost))
                                .toList()));
    }

    private static History replace(History history, Seen old, Seen now) {
        return streams(
                history,
                stream -> with(
                        stream,
                        stream.events().stream()
                                .map(event -> event.equals(old) ? now : event)
                                .toList()));
    }

    private static History with(History history, Operation added) {
        List<Operation> operations = new ArrayList<>(history.operations());
        operations.add(added);
        return new History(history.initial(), history.streams(), operations);
    }

    private static UnaryOperator<Seen> altered(Seen picked) {
        return event -> event.equals(picked)
                ? new Seen(event.type(), event.key(), event.owner(), event.revision(), "other", event.holds())
                : event;
    }

    private static List<Seen> services(History history) {
        return history.streams().getFirst().events();
    }

    private static <T> T pick(List<T> from, Random random, Predicate<T> wanted) {
        List<T> fitting = from.stream().filter(wanted).toList();
        return fitting.get(random.nextInt(fitting.size()));
    }

    private static Operation anyDone(History history, Random random, Predicate<Operation> wanted) {
        return pick(history.operations(), random, it -> it.outcome() == Outcome.DONE && wanted.test(it));
    }

    private static Seen eventOf(History history, Operation write) {
        return services(history).stream()
                .filter(event -> event.revision() == write.revision())
                .findFirst()
                .orElseThrow();
    }

    private static Seen address(History history, Random random, Seen.Type type) {
        return pick(history.streams().getLast().events(), random, event -> event.type() == type);
    }

    /// A deletion after which the object comes back.
    private static Seen recreated(History history) {
        List<Seen> events = services(history);
        return events.stream()
                .filter(event -> event.type() == Seen.Type.DELETED)
                .filter(event -> events.stream()
                        .anyMatch(later -> later.key().equals(event.key()) && later.revision() > event.revision()))
                .findFirst()
                .orElseThrow();
    }

    /// A later event of another Service shows something that an earlier one holds just then.
    private static History heldTwice(History history, Random random, String what) {
        List<Seen> events = services(history);
        Seen first = pick(
                events,
                random,
                event -> event.type() == Seen.Type.ADDED && next(events, event).isPresent());
        Seen second = next(events, first).orElseThrow();
        Set<String> stolen = Set.of(first.holds().stream()
                .filter(held -> held.startsWith(what))
                .findFirst()
                .orElseThrow());
        Seen thief = new Seen(second.type(), second.key(), second.owner(), second.revision(), second.uid(), stolen);
        return replace(history, second, thief);
    }

    private static Optional<Seen> next(List<Seen> events, Seen event) {
        int at = events.indexOf(event) + 1;
        return at < events.size()
                        && !events.get(at).key().equals(event.key())
                        && events.get(at).type() != Seen.Type.DELETED
                ? Optional.of(events.get(at))
                : Optional.empty();
    }

    private static History withoutAsker(History history, Random random) {
        Operation asked = anyDone(history, random, Operation::isWrite);
        List<Operation> rest = history.operations().stream()
                .filter(it -> !it.equals(asked) && !(it.key().equals(asked.key()) && it.outcome() == Outcome.UNKNOWN))
                .toList();
        return new History(history.initial(), history.streams(), rest);
    }

    private static Operation read(Operation like, long revision, long shiftNanos) {
        return new Operation(
                9,
                Verb.READ,
                like.key(),
                like.invokedNanos() + shiftNanos - 1,
                like.invokedNanos() + shiftNanos,
                Outcome.DONE,
                revision);
    }

    /// A read after an acknowledged update that shows what stood before it.
    private static History staleRead(History history) {
        for (Operation update : history.operations()) {
            if (update.verb() != Verb.UPDATE || update.outcome() != Outcome.DONE) {
                continue;
            }
            long before = services(history).stream()
                    .filter(event -> event.key().equals(update.key()) && event.revision() < update.revision())
                    .mapToLong(Seen::revision)
                    .max()
                    .orElse(0);
            return with(history, read(update, before, update.returnedNanos() - update.invokedNanos() + 2));
        }
        throw new AssertionError("no update");
    }

    /// The first write of a key is said to have been called long after all others returned.
    private static History writesAgainstTime(History history) {
        Operation first = history.operations().stream()
                .filter(it -> it.outcome() == Outcome.DONE && it.verb() == Verb.CREATE)
                .findFirst()
                .orElseThrow();
        Operation late = new Operation(
                first.client(),
                first.verb(),
                first.key(),
                Long.MAX_VALUE - 1,
                Long.MAX_VALUE,
                first.outcome(),
                first.revision());
        List<Operation> operations = history.operations().stream()
                .map(it -> it.equals(first) ? late : it)
                .toList();
        return new History(history.initial(), history.streams(), operations);
    }

    /// An answer that denies the last acknowledged write of a key, long after it.
    private static History answer(History history, Seen.Type last, Verb verb, Outcome outcome) {
        List<Seen> events = services(history);
        String key = events.stream()
                .filter(event -> event.type() == last && isLastOf(event, events) && isAcknowledged(history, event))
                .map(Seen::key)
                .findFirst()
                .orElse("");
        // no key ends so: let one end with it
        if (key.isEmpty()) {
            Operation write = history.operations().stream()
                    .filter(it -> it.outcome() == Outcome.DONE && it.isWrite())
                    .filter(it -> eventOf(history, it).type() == last)
                    .reduce((_, newest) -> newest)
                    .orElseThrow();
            History cut = until(history, write);
            return with(cut, late(write.key(), verb, outcome));
        }
        return with(history, late(key, verb, outcome));
    }

    private static Operation late(String key, Verb verb, Outcome outcome) {
        return new Operation(9, verb, key, Long.MAX_VALUE / 2, Long.MAX_VALUE / 2 + 1, outcome, 0);
    }

    private static boolean isLastOf(Seen event, List<Seen> events) {
        return events.stream().noneMatch(it -> it.key().equals(event.key()) && it.revision() > event.revision());
    }

    private static boolean isAcknowledged(History history, Seen event) {
        return history.operations().stream()
                .anyMatch(it -> it.outcome() == Outcome.DONE && it.isWrite() && it.revision() == event.revision());
    }

    /// The history of the key ends with this write.
    private static History until(History history, Operation last) {
        History cut = streams(
                history,
                stream -> with(
                        stream,
                        stream.events().stream()
                                .filter(event -> !event.key().equals(last.key()) || event.revision() <= last.revision())
                                .toList()));
        List<Operation> operations = cut.operations().stream()
                .filter(it -> !it.key().equals(last.key()) || it.isWrite() && it.revision() <= last.revision())
                .filter(it -> !it.key().equals(last.key()) || it.revision() > 0 || it.outcome() == Outcome.UNKNOWN)
                .toList();
        return new History(cut.initial(), cut.streams(), operations);
    }
}
