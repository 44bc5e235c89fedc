package dev.fairway.table;

import java.util.Optional;

/// Something that a reader could not do as the table says, in words for a person.
///
/// @param service the Service concerned; empty when it concerns all
public record Problem(Optional<ServiceName> service, String text) {

    public static Problem of(ServiceName service, String text) {
        return new Problem(Optional.of(service), text);
    }

    public static Problem of(String text) {
        return new Problem(Optional.empty(), text);
    }
}
