package dev.fairway.api.security.admission;

import dev.fairway.api.registry.Admission;
import java.util.List;

/// Several admissions, one after the other; the first refusal counts.
///
/// @param links those that edit come before those that only judge
public record AdmissionChain(List<Admission> links) implements Admission {

    public AdmissionChain {
        links = List.copyOf(links);
    }

    @Override
    public void admit(Write write) {
        for (Admission link : links) {
            link.admit(write);
        }
    }
}
