package dev.fairway.api;

import dev.fairway.api.security.CertificateAuthority;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Where and how the API server listens.
///
/// @param address to listen on; loopback unless others are meant to come
/// @param port 0 for any free one
/// @param reachedAs names and addresses under which clients reach the server
/// @param tokenFile static tokens, one a line: `token,user,uid,"group1,group2"`
/// @param auditFolder where the audit log is written; empty for none
public record ApiServerConfig(
        String address,
        int port,
        CertificateAuthority authority,
        SortedSet<String> reachedAs,
        Optional<Path> tokenFile,
        Optional<Path> auditFolder) {

    /// Whom tokens of ServiceAccounts name as their issuer, and for whom they are: the API as pods find it.
    public static final String ISSUER = "https://kubernetes.default.svc";

    public ApiServerConfig {
        reachedAs = Collections.unmodifiableSortedSet(new TreeSet<>(reachedAs));
    }

    /// Without a token file and without an audit log.
    public ApiServerConfig(String address, int port, CertificateAuthority authority, SortedSet<String> reachedAs) {
        this(address, port, authority, reachedAs, Optional.empty(), Optional.empty());
    }
}
