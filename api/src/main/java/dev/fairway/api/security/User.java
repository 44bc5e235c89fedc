package dev.fairway.api.security;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// Who makes a request.
///
/// @param uid tells apart users that had the same name at different times; may be empty
/// @param groups in order, without repetition
/// @param extra what else is known of the user, such as the pod that a token is for
public record User(String name, String uid, List<String> groups, SortedMap<String, List<String>> extra) {

    public static final String AUTHENTICATED = "system:authenticated";
    public static final String UNAUTHENTICATED = "system:unauthenticated";
    public static final String NODES = "system:nodes";
    public static final String NODE_PREFIX = "system:node:";

    public static final String MASTERS = "system:masters";

    public static final User ANONYMOUS = new User("system:anonymous", "", List.of(UNAUTHENTICATED), new TreeMap<>());

    public User {
        groups = List.copyOf(new TreeSet<>(groups));
        extra = Collections.unmodifiableSortedMap(new TreeMap<>(extra));
    }

    public static User authenticated(String name, List<String> groups) {
        return authenticated(name, "", groups, new TreeMap<>());
    }

    public static User authenticated(
            String name, String uid, List<String> groups, SortedMap<String, List<String>> extra) {
        List<String> all = new ArrayList<>(groups);
        all.add(AUTHENTICATED);
        return new User(name, uid, all, extra);
    }

    /// A ServiceAccount; its name says where it lives.
    public static User serviceAccount(
            String namespace, String name, String uid, SortedMap<String, List<String>> extra) {
        return authenticated(
                "system:serviceaccount:" + namespace + ":" + name,
                uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
                extra);
    }

    /// The agent of a node.
    public static User node(String name) {
        return authenticated(NODE_PREFIX + name, List.of(NODES));
    }

    /// The holder of a verified certificate: its common name, and its organizations as groups.
    public static User of(X509Certificate certificate) {
        X500Name subject = new X500Name(certificate.getSubjectX500Principal().getName());
        List<String> groups = new ArrayList<>();
        for (RDN organization : subject.getRDNs(BCStyle.O)) {
            groups.add(text(organization));
        }
        RDN[] names = subject.getRDNs(BCStyle.CN);
        return names.length == 0 ? ANONYMOUS : authenticated(text(names[0]), groups);
    }

    private static String text(RDN part) {
        return IETFUtils.valueToString(part.getFirst().getValue());
    }

    public boolean isAnonymous() {
        return equals(ANONYMOUS);
    }

    public boolean isIn(String group) {
        return groups.contains(group);
    }
}
