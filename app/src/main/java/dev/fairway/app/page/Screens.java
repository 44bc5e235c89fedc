package dev.fairway.app.page;

import dev.fairway.app.page.LiveObjects.Watch;
import dev.fairway.picture.page.Screen;
import dev.fairway.picture.page.View;
import dev.fairway.schema.ApiException;
import java.util.Optional;

/// The newest screen, made once for all who look at the same. A browser that asks for the page's files will ask for it
/// next, so it is made meanwhile.
final class Screens {

    private record Made(long revision, View view, Screen screen) {}

    private final LiveObjects objects;
    private Optional<Made> last = Optional.empty();

    Screens(LiveObjects objects) {
        this.objects = objects;
    }

    /// As of the watch's newest objects, or newer.
    synchronized Screen of(Watch watch, View view) {
        long revision = watch.revision();
        Optional<Screen> known = last.filter(
                        made -> made.revision() == revision && made.view().equals(view))
                .map(Made::screen);
        Screen screen = known.orElseGet(() -> Screen.of(watch.objects(), view));
        last = Optional.of(new Made(revision, view, screen));
        return screen;
    }

    /// Returns at once.
    void prepare(View view) {
        Thread.ofVirtual().name("page prepares").start(() -> {
            try (Watch watch = objects.watch()) {
                of(watch, view);
            } catch (ApiException unavailable) {
                // Told to who asks for the stream.
            }
        });
    }
}
