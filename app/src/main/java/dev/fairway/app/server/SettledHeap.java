package dev.fairway.app.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/// The heap of a node after its start. Until the first lists are read and the first ruleset is in force, the heap has
/// next to no air, so that this moment takes no more memory than what comes after it. Then what the start took is given
/// back, and the young generation gets room: else it is collected with every thirtieth change, which waits for it.
public final class SettledHeap {

    /// Percent of the heap that may be free. The options of the JVM say less (`jvm/node.options`).
    private static final String FREE_AT_LEAST = "30";
    private static final String FREE_AT_MOST = "36";

    private SettledHeap() {}

    /// Takes a pause of about a tenth of a second.
    public static void settle() {
        HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        options.setVMOption("MaxHeapFreeRatio", FREE_AT_MOST);
        options.setVMOption("MinHeapFreeRatio", FREE_AT_LEAST);
        System.gc();
    }
}
