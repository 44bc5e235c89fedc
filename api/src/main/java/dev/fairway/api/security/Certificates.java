package dev.fairway.api.security;

import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes keys and certificates: P-256 and X.509.
final class Certificates {

    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    static final Duration LEAF_LIFE = Duration.ofDays(365);

    /// Certificates begin a little in the past: clocks differ.
    static final Duration CLOCK_SLACK = Duration.ofMinutes(5);

    private static final int ALT_NAME_DNS = 2;
    private static final int ALT_NAME_ADDRESS = 7;

    private Certificates() {}

    /// What a certificate says about its holder.
    record Leaf(X500Name subject, List<GeneralName> names, KeyPurposeId purpose) {
        static Leaf server(SortedSet<String> reachedAs) {
            return server("fairway-server", reachedAs);
        }

        static Leaf server(String called, SortedSet<String> reachedAs) {
            List<GeneralName> names = new ArrayList<>();
            for (String name : reachedAs) {
                names.add(new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name));
            }
            X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, called).build();
            return new Leaf(subject, names, KeyPurposeId.id_kp_serverAuth);
        }

        static Leaf client(String user, List<String> groups) {
            X500NameBuilder subject = new X500NameBuilder();
            groups.forEach(group -> subject.addRDN(BCStyle.O, group));
            return new Leaf(subject.addRDN(BCStyle.CN, user).build(), List.of(), KeyPurposeId.id_kp_clientAuth);
        }
    }

    /// A new authority.
    static CertifiedKey found(Instant now) {
        KeyPair keys = newKeys();
        X500Name name = new X500NameBuilder()
                .addRDN(BCStyle.CN, "fairway-ca@" + now.getEpochSecond())
                .build();
        try {
            X509v3CertificateBuilder builder = begin(name, name, keys, now, AUTHORITY_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(
                            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.digitalSignature));
            return new CertifiedKey(finish(builder, keys), keys.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot make the authority's certificate", e);
        }
    }

    /// A new key with a certificate from this authority.
    static CertifiedKey sign(CertifiedKey authority, Leaf leaf, Instant now) {
        KeyPair keys = newKeys();
        X500Name issuer =
                new X500Name(authority.certificate().getSubjectX500Principal().getName());
        KeyPair signer = new KeyPair(authority.certificate().getPublicKey(), authority.key());
        try {
            X509v3CertificateBuilder builder = begin(issuer, leaf.subject, keys, now, LEAF_LIFE);
            return new CertifiedKey(finish(describe(builder, leaf), signer), keys.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot make a certificate for " + leaf.subject, e);
        }
    }

    /// A new key with a certificate that nobody but itself vouches for.
    static CertifiedKey alone(Leaf leaf, Instant now) {
        KeyPair keys = newKeys();
        try {
            X509v3CertificateBuilder builder = begin(leaf.subject, leaf.subject, keys, now, LEAF_LIFE);
            return new CertifiedKey(finish(describe(builder, leaf), keys), keys.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException("cannot make a certificate for " + leaf.subject, e);
        }
    }

    private static X509v3CertificateBuilder describe(X509v3CertificateBuilder builder, Leaf leaf)
            throws CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(leaf.purpose));
        if (!leaf.names.isEmpty()) {
            GeneralNames names = new GeneralNames(leaf.names.toArray(GeneralName[]::new));
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        }
        return builder;
    }

    private static X509v3CertificateBuilder begin(
            X500Name issuer, X500Name subject, KeyPair keys, Instant now, Duration life) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, new SecureRandom()),
                Date.from(now.minus(CLOCK_SLACK)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate finish(X509v3CertificateBuilder builder, KeyPair signer) {
        try {
            var seal = new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(seal));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot sign with SHA256withECDSA", e);
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no P-256 keys", e);
        }
    }

    private static boolean isAddress(String name) {
        return name.contains(":") || name.matches("[0-9.]+");
    }

    /// Whether the certificate is for these names and addresses and no others. An IPv6 address has many spellings.
    static boolean isFor(X509Certificate certificate, SortedSet<String> reachedAs) {
        Set<String> wanted = reachedAs.stream().map(Certificates::spelled).collect(Collectors.toSet());
        return altNames(certificate).equals(wanted);
    }

    private static String spelled(String name) {
        return isAddress(name) ? InetAddress.ofLiteral(name).getHostAddress() : name;
    }

    private static Set<String> altNames(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            var found = certificate.getSubjectAlternativeNames();
            for (List<?> name : found == null ? List.<List<?>>of() : found) {
                if (name.get(0) instanceof Integer type && (type == ALT_NAME_DNS || type == ALT_NAME_ADDRESS)) {
                    names.add(spelled(String.valueOf(name.get(1))));
                }
            }
        } catch (GeneralSecurityException e) {
            return Set.of();
        }
        return names;
    }
}
