package dev.fairway.control.leader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.Tree;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LeaderClaimTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LeaderClaim ONE = new LeaderClaim("kube-system", "work", "one", Duration.ofSeconds(10));
    private static final LeaderClaim OTHER = new LeaderClaim("kube-system", "work", "other", Duration.ofSeconds(10));

    private static ObjectNode heldByOne() {
        return ONE.look(Optional.empty(), Optional.empty(), START).lease().orElseThrow();
    }

    private static String holder(ObjectNode lease) {
        return Tree.text(lease, "spec", "holderIdentity");
    }

    @Test
    void whoFindsNoLeaseMakesIt() {
        assertThat(holder(heldByOne())).isEqualTo("one");
        assertThat(Tree.number(heldByOne(), 0, "spec", "leaseDurationSeconds")).isEqualTo(10);
    }

    @Test
    void theHolderRenewsAndStaysTheSameHolder() {
        ObjectNode renewed = ONE.look(Optional.of(heldByOne()), Optional.empty(), START.plusSeconds(2))
                .lease()
                .orElseThrow();
        assertThat(Tree.text(renewed, "spec", "acquireTime")).isEqualTo("2026-01-01T00:00:00.000000Z");
        assertThat(Tree.text(renewed, "spec", "renewTime")).isEqualTo("2026-01-01T00:00:02.000000Z");
        assertThat(Tree.number(renewed, 9, "spec", "leaseTransitions")).isZero();
    }

    @Test
    void theOtherWaitsFromWhatItSawLastWhateverTheHoldersClockSays() {
        Instant muchLater = START.plusSeconds(3_600);
        LeaderClaim.Step first = OTHER.look(Optional.of(heldByOne()), Optional.empty(), muchLater);
        assertThat(first.lease()).isEmpty();
        Optional<LeaderClaim.Seen> seen = Optional.of(first.seen());
        assertThat(OTHER.look(Optional.of(heldByOne()), seen, muchLater.plusMillis(9_999))
                        .lease())
                .isEmpty();
        ObjectNode taken = OTHER.look(Optional.of(heldByOne()), seen, muchLater.plusSeconds(10))
                .lease()
                .orElseThrow();
        assertThat(holder(taken)).isEqualTo("other");
        assertThat(Tree.number(taken, 0, "spec", "leaseTransitions")).isEqualTo(1);
    }

    @Test
    void aRenewalStartsTheWaitAnew() {
        LeaderClaim.Step first = OTHER.look(Optional.of(heldByOne()), Optional.empty(), START);
        ObjectNode renewed = ONE.look(Optional.of(heldByOne()), Optional.empty(), START.plusSeconds(9))
                .lease()
                .orElseThrow();
        LeaderClaim.Step second = OTHER.look(Optional.of(renewed), Optional.of(first.seen()), START.plusSeconds(9));
        assertThat(OTHER.look(Optional.of(renewed), Optional.of(second.seen()), START.plusSeconds(18))
                        .lease())
                .isEmpty();
    }

    @Test
    void aLeaseThatWasGivenUpIsFreeAtOnce() {
        ObjectNode free = ONE.release(heldByOne(), START.plusSeconds(1));
        assertThat(OTHER.look(Optional.of(free), Optional.empty(), START.plusSeconds(1))
                        .lease()
                        .map(LeaderClaimTest::holder))
                .contains("other");
    }
}
