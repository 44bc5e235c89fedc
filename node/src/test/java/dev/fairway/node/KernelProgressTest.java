package dev.fairway.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairway.dataplane.SyncListener;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelProgressTest {

    /// `7:120` the API's revision 120 is in table 7, `k7` the kernel has table 7, `t120` it was told, `a120` somebody
    /// waits for it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            what happens              | revision | news
            7:120                     | 0        | false
            7:120 k7                  | 120      | false
            7:120 k7 a110             | 120      | true
            a110 7:120 k7             | 120      | true
            a110 7:120 k7 t120        | 120      | false
            a110 7:120 k7 t100        | 120      | true
            a130 7:120 k7 t120        | 120      | false
            7:120 8:130 k7            | 120      | false
            7:120 8:130 k8            | 130      | false
            7:120 8:130 k9            | 130      | false
            7:120 k7 7:125            | 125      | false
            7:120 7:125 k7            | 125      | false
            7:120 k7 a125 t120 7:125  | 125      | true
            """, useHeadersInDisplayName = true)
    void itIsWhatTheKernelHas(String happens, long revision, boolean news) throws InterruptedException {
        KernelProgress progress = new KernelProgress(SyncListener.NONE);
        for (String word : happens.split(" ")) {
            long number = Long.parseLong(word.substring(word.indexOf(':') + 1).replaceAll("[a-z]", ""));
            switch (word.charAt(0)) {
                case 'a' -> progress.await(number);
                case 't' -> progress.told(number);
                case 'k' -> progress.synced(new SyncListener.Sync(number, false, Duration.ZERO, Duration.ZERO, 0));
                default -> progress.tableMade(Long.parseLong(word.substring(0, word.indexOf(':'))), number);
            }
        }
        assertThat(progress.revision()).isEqualTo(revision);
        assertThat(progress.awaitNews(Duration.ZERO)).isEqualTo(news);
    }
}
