package dev.fairway.dataplane;

/// What a data plane has done since it was started.
///
/// @param commits batches that changed the kernel's rules
/// @param failures tries that the kernel refused; each is repeated
/// @param repairs times that someone else had changed our rules
/// @param flowsEnded UDP flows to endpoints gone
/// @param commitMillisTotal time spent on tables that changed something, from taking a table to having it in force
public record DataplaneCounts(long commits, long failures, long repairs, long flowsEnded, long commitMillisTotal) {

    static final DataplaneCounts NONE = new DataplaneCounts(0, 0, 0, 0, 0);

    DataplaneCounts committed(long millis) {
        return new DataplaneCounts(commits + 1, failures, repairs, flowsEnded, commitMillisTotal + millis);
    }

    DataplaneCounts failed() {
        return new DataplaneCounts(commits, failures + 1, repairs, flowsEnded, commitMillisTotal);
    }

    DataplaneCounts repaired() {
        return new DataplaneCounts(commits, failures, repairs + 1, flowsEnded, commitMillisTotal);
    }

    DataplaneCounts flowsEnded(long more) {
        return new DataplaneCounts(commits, failures, repairs, flowsEnded + more, commitMillisTotal);
    }
}
