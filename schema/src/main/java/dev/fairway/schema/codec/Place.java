package dev.fairway.schema.codec;

import java.util.Optional;

/// A place in an object, such as `spec.ports[0].port`; made into text only when an error needs it.
///
/// @param step `.name` or `[0]`, empty at the root
record Place(Optional<Place> parent, String step) {

    static final Place ROOT = new Place(Optional.empty(), "");

    Place field(String name) {
        return new Place(Optional.of(this), parent.isEmpty() ? name : "." + name);
    }

    Place element(int index) {
        return new Place(Optional.of(this), "[" + index + "]");
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        Optional<Place> here = Optional.of(this);
        while (here.isPresent()) {
            out.insert(0, here.get().step);
            here = here.get().parent;
        }
        return out.toString();
    }
}
