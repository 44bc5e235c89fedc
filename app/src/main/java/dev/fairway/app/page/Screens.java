package dev.fairway.app.page;

import dev.fairway.app.page.LiveObjects.Watch;
import dev.fairway.picture.page.Screen;
import dev.fairway.picture.page.View;
import dev.fairway.schema.ApiException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The newest screen, made once for all who look at the same.
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

    /// What a browser will show first; empty when it is not made in time, or there is nothing to make it of. The page
    /// then gets it by its stream, which also tells what is wrong.
    Optional<Screen> soon(View view, Duration patience) throws InterruptedException {
        CompletableFuture<Screen> made = new CompletableFuture<>();
        Thread.ofVirtual().name("page prepares").start(() -> {
            try (Watch watch = objects.watch()) {
                made.complete(of(watch, view));
            } catch (ApiException unavailable) {
                made.completeExceptionally(unavailable);
            }
        });
        try {
            return Optional.of(made.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }
}
