package dev.fairway.control.loop;

import dev.fairway.control.loop.Controller.Trigger;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.CarrierTurn;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Runs one controller: changes become keys, keys become decisions, decisions become writes. Whatever fails is recorded
/// and tried again; nothing ends the loop but `close`.
public final class ControlLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);

    /// How soon a key is looked at again whose own writes the mirrors do not show yet.
    private static final Duration STALE_DELAY = Duration.ofMillis(5);

    /// All keys are decided again this often, for what no change told.
    private static final Duration RESYNC = Duration.ofMinutes(5);

    private final Controller controller;
    private final Mirrors mirrors;
    private final Clock clock;
    private final WorkQueue queue;
    private final Expectations expectations;
    private final Writer writer;
    private final Map<WorkKey, String> problems = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean open = true;

    private ControlLoop(Controller controller, ApiClient client, Mirrors mirrors, Clock clock) {
        this.controller = controller;
        this.mirrors = mirrors;
        this.clock = clock;
        this.queue = new WorkQueue(clock, controller.retryDelays());
        this.expectations = new Expectations(mirrors, clock);
        this.writer = new Writer(client, new EventWriter(client, controller.name(), clock), expectations);
    }

    public static ControlLoop start(Controller controller, ApiClient client, Mirrors mirrors, Clock clock) {
        ControlLoop loop = new ControlLoop(controller, client, mirrors, clock);
        controller.triggers().forEach(loop::subscribe);
        loop.threads.add(Thread.ofVirtual().name(controller.name() + " resync").start(loop::resyncForever));
        for (int number = 1; number <= controller.workers(); number++) {
            loop.threads.add(
                    Thread.ofVirtual().name(controller.name() + " " + number).start(loop::work));
        }
        return loop;
    }

    public String name() {
        return controller.name();
    }

    /// The keys that fail just now, and why.
    public SortedMap<String, String> problems() {
        SortedMap<String, String> out = new TreeMap<>();
        problems.forEach((key, text) -> out.put(key.toString(), text));
        return out;
    }

    /// Nothing is due and nothing is being decided.
    public boolean isIdle() {
        return queue.isIdle();
    }

    /// Looks at the clock again, for clocks that jump.
    public void wake() {
        queue.wake();
    }

    @Override
    public void close() {
        open = false;
        threads.forEach(Thread::interrupt);
    }

    /// What comes with the first list makes no work here: the resync that follows it looks at everything.
    private void subscribe(Trigger trigger) {
        mirrors.listen(trigger.resource(), (key, before, now) -> {
            if (mirrors.isSynced(trigger.resource())) {
                trigger.mapping().keys(mirrors, key, before, now).forEach(work -> add(work, trigger.delay()));
            }
        });
    }

    private void add(WorkKey work, Duration delay) {
        if (delay.isZero()) {
            queue.add(work);
        } else {
            queue.addAfter(work, delay);
        }
    }

    private void resyncForever() {
        try {
            awaitSynced();
            resync();
            while (open && controller.isResynced()) {
                Thread.sleep(RESYNC);
                awaitSynced();
                resync();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", controller.name());
        }
    }

    private void resync() {
        controller.fixedKeys().forEach(queue::add);
        try (CarrierTurn turn = CarrierTurn.begin()) {
            for (Trigger trigger : controller.triggers()) {
                for (ObjectNode object : mirrors.list(trigger.resource(), "")) {
                    trigger.mapping()
                            .keys(mirrors, Meta.key(object), Optional.of(object), Optional.of(object))
                            .forEach(work -> add(work, trigger.delay()));
                    turn.pause();
                }
            }
        }
    }

    private void awaitSynced() throws InterruptedException {
        for (Trigger trigger : controller.triggers()) {
            Resource resource = trigger.resource();
            while (!mirrors.awaitSynced(resource, Duration.ofSeconds(10))) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LOG.info("{} waits for the first list of {}", controller.name(), resource.qualifiedName());
            }
        }
    }

    private void work() {
        try {
            awaitSynced();
            while (open) {
                WorkKey key = queue.take();
                try {
                    attempt(key);
                } finally {
                    queue.done(key);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} ends", controller.name());
        }
    }

    private void attempt(WorkKey key) {
        try {
            step(key);
        } catch (ApiException e) {
            if (e.isConflict() || e.isNotFound() || e.isAlreadyExists()) {
                problems.put(key, e.text());
                queue.retryStale(key);
            } else if (isInEndingNamespace(e)) {
                problems.remove(key);
                queue.forgive(key);
            } else {
                failed(key, e.text());
                announce(key, e);
            }
        } catch (RuntimeException e) {
            // The top of the loop: an own defect must cost one key, not the controller.
            LOG.debug("{} failed on {}", controller.name(), key, e);
            failed(key, e.toString());
        }
    }

    private void step(WorkKey key) {
        if (!expectations.areMet(key)) {
            queue.addAfter(key, STALE_DELAY);
            return;
        }
        // After a start there is much to decide, and requests must not wait for all of it.
        Decision decision = CarrierTurn.of(() -> controller.decide(mirrors, key, clock.instant()));
        if (!decision.writes().isEmpty()) {
            LOG.debug("{}: {}: {}", controller.name(), key, decision.why());
        }
        writer.perform(key, decision.writes());
        queue.forgive(key);
        problems.remove(key);
        decision.again().ifPresent(delay -> queue.addAfter(key, delay));
    }

    /// Nothing can be made any more in a namespace that is being deleted: trying again would never help.
    private static boolean isInEndingNamespace(ApiException e) {
        return e.code() == 403
                && e.details().causes().stream()
                        .anyMatch(cause -> cause.reason().equals("NamespaceTerminating"));
    }

    private void announce(WorkKey key, ApiException refusal) {
        try {
            writer.perform(key, controller.refused(mirrors, key, refusal));
        } catch (RuntimeException e) {
            LOG.debug("{} cannot announce the failure of {}", controller.name(), key, e);
        }
    }

    private void failed(WorkKey key, String text) {
        String old = problems.put(key, text);
        if (open && !text.equals(old)) {
            LOG.warn("{} cannot finish {}: {}", controller.name(), key, text);
        }
        queue.retry(key);
    }
}
