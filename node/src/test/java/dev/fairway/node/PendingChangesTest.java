package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PendingChangesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-01-01T00:00:05.5Z");

    private final PendingChanges pending = new PendingChanges(START);

    private static Optional<ObjectNode> slice(String trigger) {
        ObjectNode slice = Json.object();
        Tree.makeObject(slice, "metadata", "annotations").put(PendingChanges.TRIGGER_TIME, trigger);
        return Optional.of(slice);
    }

    @Test
    void changesArePendingUntilTheKernelHasTheirTable() {
        pending.service();
        pending.slice(slice(LATER.toString()));
        pending.inTable(1);
        pending.slice(Optional.empty());
        assertThat(pending.services()).isEqualTo(1);
        assertThat(pending.endpoints()).isEqualTo(2);

        assertThat(pending.inForce(1)).containsExactly(LATER);
        assertThat(pending.services()).isZero();
        assertThat(pending.endpoints()).isEqualTo(1);

        pending.inTable(2);
        assertThat(pending.inForce(2)).isEmpty();
        assertThat(pending.endpoints()).isZero();
    }

    @Test
    void aNewerTableHasTheChangesOfThoseThatWereSkipped() {
        pending.slice(slice(LATER.toString()));
        pending.inTable(1);
        pending.slice(slice("2026-01-01T01:00:05+01:00"));
        pending.inTable(2);

        assertThat(pending.inForce(2)).containsExactly(LATER, Instant.parse("2026-01-01T00:00:05Z"));
    }

    @Test
    void aChangeThatMakesNoNewTableIsInForceAlready() {
        pending.inTable(1);
        pending.inForce(1);
        pending.slice(slice(LATER.toString()));
        pending.inTable(1);
        assertThat(pending.endpoints()).isZero();
    }

    @Test
    void whatBeganBeforeOrIsNoTimeDoesNotCount() {
        pending.slice(slice("2025-12-31T23:59:59Z"));
        pending.slice(slice("yesterday"));
        pending.slice(slice(""));
        pending.inTable(1);
        assertThat(pending.inForce(1)).isEmpty();
    }
}
