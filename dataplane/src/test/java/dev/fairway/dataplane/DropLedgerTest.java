package dev.fairway.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.IpAddress;
import dev.fairway.dataplane.DropLedger.At;
import dev.fairway.dataplane.ServicePlan.FrontendAt;
import dev.fairway.table.Frontend;
import dev.fairway.table.Protocol;
import dev.fairway.table.ServiceName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Looks at the kernel's counters, one a minute.
class DropLedgerTest {

    private static final At WEB = at("web", "10.96.0.1");
    private static final At DB = at("db", "10.96.0.2");

    private static At at(String service, String address) {
        return new At(
                new ServiceName("default", service),
                new FrontendAt(new Frontend.ClusterIp(IpAddress.parse(address), 80), Protocol.TCP),
                DropReason.NO_ENDPOINTS);
    }

    private static Instant minute(int number) {
        return Instant.EPOCH.plusSeconds(60L * number);
    }

    private static List<String> text(DropLedger ledger) {
        return ledger.counts().stream()
                .map(count -> count.service().name() + " " + count.packets() + " between "
                        + count.after().getEpochSecond() / 60 + " and "
                        + count.until().getEpochSecond() / 60)
                .toList();
    }

    @Test
    void theLastPacketCameBetweenTheLooksThatSawTheCounterGrow() {
        DropLedger ledger = DropLedger.EMPTY
                .with(Map.of(WEB, 3L, DB, 0L), minute(10))
                .with(Map.of(WEB, 5L, DB, 0L), minute(11))
                .with(Map.of(WEB, 5L, DB, 1L), minute(12));

        assertThat(text(ledger)).containsExactly("db 1 between 11 and 12", "web 5 between 10 and 11");
    }

    @Test
    void whatTheKernelForgetsIsRemembered() {
        DropLedger ledger = DropLedger.EMPTY
                .with(Map.of(WEB, 3L), minute(1))
                .without(WEB::equals)
                .with(Map.of(WEB, 4L), minute(2));

        assertThat(text(ledger)).containsExactly("web 7 between 1 and 2");
    }

    @Test
    void aCounterThatIsGoneOrSmallerBeganAnew() {
        DropLedger known = DropLedger.EMPTY.with(Map.of(WEB, 3L), minute(1));

        assertThat(text(known.with(Map.of(WEB, 2L), minute(2)))).containsExactly("web 5 between 1 and 2");
        assertThat(text(known.with(Map.of(), minute(2)).with(Map.of(WEB, 3L), minute(3))))
                .containsExactly("web 6 between 2 and 3");
    }

    @Test
    void aServiceThatIsGoneIsForgotten() {
        DropLedger ledger = DropLedger.EMPTY.with(Map.of(WEB, 3L, DB, 1L), minute(1));

        assertThat(text(ledger.of(service -> service.name().equals("web")))).containsExactly("web 3 between 0 and 1");
    }
}
