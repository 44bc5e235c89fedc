package dev.fairway.api.security;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// Who makes a request.
///
/// @param groups in order, without repetition
public record User(String name, List<String> groups) {

    public static final String MASTERS = "system:masters";

    public static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

    public User {
        groups = List.copyOf(new TreeSet<>(groups));
    }

    public static User authenticated(String name, List<String> groups) {
        List<String> all = new ArrayList<>(groups);
        all.add("system:authenticated");
        return new User(name, all);
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
