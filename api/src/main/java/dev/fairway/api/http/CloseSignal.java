package dev.fairway.api.http;

import java.util.ArrayList;
import java.util.List;

/// Happens once; those who asked are told, late askers at once.
final class CloseSignal {

    private final List<Runnable> actions = new ArrayList<>();
    private boolean raised;

    void raise() {
        List<Runnable> todo;
        synchronized (this) {
            if (raised) {
                return;
            }
            raised = true;
            todo = List.copyOf(actions);
        }
        todo.forEach(Runnable::run);
    }

    synchronized boolean isRaised() {
        return raised;
    }

    void onRaise(Runnable action) {
        synchronized (this) {
            if (!raised) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }
}
