package dev.fairway.resolve;

import static dev.fairway.resolve.Cluster.entry;
import static dev.fairway.resolve.Cluster.problems;
import static dev.fairway.resolve.Cluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.address.Cidr;
import dev.fairway.table.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalNameTest {

    private static final String NAME = "'type': 'ExternalName', 'externalName': 'example.com'";
    private static final String TRANSLATED = NAME + ", 'ports': [{'port': 3000, 'targetPort': 443}]";

    private final Cluster cluster = new Cluster();

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", quoteCharacter = '`', textBlock = """
            -                                           | -       | alias
            'ports': [{'port': 443}]                    | -       | alias
            'ports': [{'port': 443, 'targetPort': 443}] | -       | alias
            'ports': [{'port': 443, 'targetPort': 0}]   | -       | alias
            'ports': [{'port': 3000, 'targetPort': 443}]| -       | mapped
            'ports': [{'port': 3000, 'targetPort': 443}]| cname   | alias
            'ports': [{'port': 443}]                    | mapped  | mapped
            -                                           | mapped  | alias
            'ports': [{'port': 3000, 'targetPort': 443}]| perhaps | mapped
            """)
    void portsAndAnnotationDecide(String ports, String annotation, String kind) {
        cluster.service(
                "out",
                NAME + (ports == null ? "" : ", " + ports),
                annotation == null
                        ? ""
                        : "'metadata': {'annotations': {'fairway.dev/external-name': '%s'}}".formatted(annotation));

        String text = text(entry(cluster.resolve(), "out"));
        assertThat(text.startsWith("alias example.com (not forwarded)") ? "alias" : "mapped")
                .isEqualTo(kind);
        assertThat(problems(cluster.resolve(), "out").isEmpty())
                .isEqualTo(!"perhaps".equals(annotation) && (ports != null || annotation == null));
    }

    @Test
    void mappedPortsLeadToTheResolvedAddresses() {
        cluster.service("out", TRANSLATED).external("out", "192.0.2.9", "192.0.2.8");

        assertThat(text(entry(cluster.resolve(), "out"))).isEqualTo("""
                [10.97.95.182]
                /tcp mapped 10.97.95.182:3000 -> 192.0.2.8:443 192.0.2.9:443""");
    }

    @Test
    void bothFamiliesAreOfferedUntilTheNameIsResolved() {
        cluster.service("out", TRANSLATED);

        assertThat(text(entry(cluster.resolve(), "out"))).isEqualTo("""
                [10.97.95.182, fd00:10:97::5fb6]
                /tcp mapped 10.97.95.182:3000 mapped [fd00:10:97::5fb6]:3000 -> \
                """);
    }

    @Test
    void anAddressInPlaceOfANameIsAnsweredAndReported() {
        cluster.service("out", "'type': 'ExternalName', 'externalName': '192.0.2.1'");

        assertThat(text(entry(cluster.resolve(), "out"))).isEqualTo("[192.0.2.1] (not forwarded)");
        assertThat(problems(cluster.resolve(), "out"))
                .singleElement()
                .asString()
                .contains("is an address, not a name");
    }

    @Test
    void anAddressWithTranslatedPortsNeedsNoLookup() {
        cluster.service("out", TRANSLATED.replace("example.com", "192.0.2.1")).service("name", TRANSLATED);

        assertThat(text(entry(cluster.resolve(), "out"))).endsWith("-> 192.0.2.1:443");
        assertThat(cluster.resolve().externalTargets())
                .containsExactly(Map.entry(new ServiceName("default", "name"), "example.com"));
    }

    @Test
    void theRootsDotIsLeftOut() {
        cluster.service("out", "'type': 'ExternalName', 'externalName': 'example.com.'");

        assertThat(text(entry(cluster.resolve(), "out"))).startsWith("alias example.com ");
    }

    @Test
    void aNamedTargetPortIsReported() {
        cluster.service(
                "out",
                NAME + ", 'ports': [{'port': 80, 'targetPort': 'http'}]",
                "'metadata': {'annotations': {'fairway.dev/external-name': 'mapped'}}");

        assertThat(problems(cluster.resolve(), "out"))
                .containsExactly("targetPort http of an external name cannot be looked up; give a number");
    }

    @Test
    void aFullRangeLeavesTheYoungestAsAlias() {
        Resolver small = new Resolver(Cluster.NODE, new MappedRanges(List.of(Cidr.parse("10.97.0.0/30"))));
        cluster.service("c", TRANSLATED, "'metadata': {'creationTimestamp': '2026-01-01T00:00:00Z'}")
                .service("b", TRANSLATED, "'metadata': {'creationTimestamp': '2026-01-02T00:00:00Z'}")
                .service("a", TRANSLATED, "'metadata': {'creationTimestamp': '2026-01-03T00:00:00Z'}");

        Resolution resolution = small.resolveAll(cluster.view(), cluster.external, Resolution.EMPTY);

        assertThat(text(entry(resolution, "a"))).isEqualTo("alias example.com (not forwarded)");
        assertThat(problems(resolution, "a")).singleElement().asString().contains("enlarge externalNames");
        assertThat(text(entry(resolution, "b")) + text(entry(resolution, "c"))).contains("[10.97.0.1]", "[10.97.0.2]");
    }

    @Test
    void placesAreDistinctWithinTheRangeAndIndependentOfOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        MappedRanges ranges = new MappedRanges(List.of(Cidr.parse("10.97.0.0/24")));
        TreeSet<MappedClaim> claims = new TreeSet<>();
        for (int i = 0; i < 254; i++) {
            String name = "s" + random.nextInt();
            claims.add(new MappedClaim("2026", name, new ServiceName("default", name), "example.com"));
        }

        assertThat(ranges.assign(claims).values())
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .hasSize(claims.size())
                .allMatch(place -> place >= 1 && place <= 254);
    }
}
