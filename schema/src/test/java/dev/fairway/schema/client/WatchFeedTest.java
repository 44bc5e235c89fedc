package dev.fairway.schema.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Json;
import dev.fairway.schema.client.ApiClient.ChangeKind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WatchFeedTest {

    private final WatchFeed feed = new WatchFeed();

    @Test
    void eventsComeInTheirOrder() {
        feed.changed(ChangeKind.ADDED, Json.object().put("number", 1));
        feed.bookmark("7");
        feed.closed(Optional.of(new ApiException(410, "Expired", "too old")));

        assertThat(feed.take()).isEqualTo(new WatchEvent.Changed(ChangeKind.ADDED, Json.parse("{\"number\": 1}")));
        assertThat(feed.take()).isEqualTo(new WatchEvent.Bookmark("7"));
        assertThat(feed.take()).isInstanceOf(WatchEvent.Closed.class);
    }

    /// One more event than may wait, then room again, then another: the last two must not be delivered, since the
    /// mirror
    /// would take the other's revision and never ask for the lost one.
    @Test
    void aFeedThatOverrunsEndsBeforeTheFirstLostEvent() {
        for (int number = 1; number <= WatchFeed.WAITING_MAX + 1; number++) {
            feed.bookmark(Integer.toString(number));
        }
        for (int number = 1; number <= WatchFeed.WAITING_MAX; number++) {
            assertThat(feed.take()).isEqualTo(new WatchEvent.Bookmark(Integer.toString(number)));
        }
        feed.bookmark("behind the gap");

        assertThat(feed.take()).isEqualTo(new WatchEvent.Closed(Optional.empty()));
        feed.stop();
        assertThat(feed.take()).isEqualTo(new WatchEvent.Closed(Optional.empty()));
    }
}
