package dev.fairway.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys over the years: renewed in time, and never without trust.
class CertificateAuthorityTest {

    private static final TreeSet<String> NAMES = new TreeSet<>(List.of("127.0.0.1", "fd00:10:96::1", "localhost"));

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private CertificateAuthority open() throws IOException {
        return CertificateAuthority.open(folder, () -> now);
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    @Test
    void aKeyIsKeptUntilAMonthBeforeItExpires() throws Exception {
        CertificateAuthority authority = open();
        CertifiedKey first = authority.server("server", NAMES);
        pass(Duration.ofDays(300));
        assertThat(authority.server("server", NAMES).certificate()).isEqualTo(first.certificate());
        assertThat(open().server("server", NAMES).certificate()).isEqualTo(first.certificate());
        pass(Duration.ofDays(40));
        X509Certificate second = authority.server("server", NAMES).certificate();
        assertThat(second).isNotEqualTo(first.certificate());
        assertThat(second.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(360)));
    }

    @Test
    void aServerThatIsReachedOtherwiseGetsANewCertificate() throws Exception {
        CertificateAuthority authority = open();
        CertifiedKey first = authority.server("server", NAMES);
        TreeSet<String> more = new TreeSet<>(NAMES);
        more.add("api.example");
        assertThat(authority.server("server", more).certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void theNextAuthorityIsTrustedADayBeforeItSignsAndTheFormerOneAsLongAsItsCertificatesLive() throws Exception {
        CertificateAuthority authority = open();
        X509Certificate first = authority.trusted().getFirst();
        CertifiedKey client = authority.client("me", "me", List.of());

        assertThat(authority.announceNext()).isEqualTo(now.plus(Duration.ofDays(1)));
        authority.check();
        assertThat(authority.trusted()).hasSize(2).startsWith(first);
        assertThat(authority.certificatePem().split("BEGIN CERTIFICATE")).hasSize(3);
        authority.client("other", "other", List.of()).certificate().verify(first.getPublicKey());

        pass(Duration.ofDays(1).plusMinutes(1));
        authority.check();
        X509Certificate second = authority.trusted().getFirst();
        assertThat(second).isNotEqualTo(first);
        assertThat(authority.trusted()).containsExactly(second, first);
        CertifiedKey renewed = authority.client("me", "me", List.of());
        assertThat(renewed.certificate()).isNotEqualTo(client.certificate());
        renewed.certificate().verify(second.getPublicKey());
        assertThat(open().trusted()).containsExactly(second, first);

        pass(Duration.ofDays(368));
        authority.check();
        assertThat(authority.trusted()).containsExactly(second);
        assertThat(folder.resolve("ca-old.crt")).doesNotExist();
    }

    @Test
    void aSecondServerOnTheSameFolderNoticesTheNextAuthority() throws Exception {
        CertificateAuthority one = open();
        CertificateAuthority two = open();
        one.announceNext();
        two.check();
        assertThat(two.trusted()).hasSize(2);
        pass(Duration.ofDays(2));
        one.check();
        two.check();
        assertThat(two.trusted()).isEqualTo(one.trusted());
    }

    @Test
    void anAuthorityIsReplacedAYearBeforeItsEndByItself() throws Exception {
        CertificateAuthority authority = open();
        X509Certificate first = authority.trusted().getFirst();
        pass(Duration.ofDays(3650 - 364));
        authority.check();
        assertThat(authority.trusted()).hasSize(2);
        pass(Duration.ofDays(2));
        authority.check();
        assertThat(authority.trusted().getFirst()).isNotEqualTo(first);
    }

    @Test
    void keysAreForTheirOwnerAlone() throws Exception {
        CertificateAuthority authority = open();
        authority.server("server", NAMES);
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }
}
