package dev.fairway.api;

import dev.fairway.api.security.CertificateAuthority;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// Where and how the API server listens.
///
/// @param address to listen on; loopback unless others are meant to come
/// @param port 0 for any free one
/// @param reachedAs names and addresses under which clients reach the server
public record ApiServerConfig(String address, int port, CertificateAuthority authority, SortedSet<String> reachedAs) {

    public ApiServerConfig {
        reachedAs = Collections.unmodifiableSortedSet(new TreeSet<>(reachedAs));
    }
}
