package dev.fairway.api.registry;

import dev.fairway.api.kind.Causes;
import dev.fairway.schema.Resource;
import java.util.List;

/// Which parameters of lists and watches go together: upstream's validation of `ListOptions`.
final class OptionRules {

    private static final Resource OPTIONS = new Resource("meta.k8s.io", "v1", "", "ListOptions", false);
    private static final String MATCH = "resourceVersionMatch";
    private static final String EXACT = "Exact";
    private static final String NOT_OLDER_THAN = "NotOlderThan";

    private OptionRules() {}

    /// @throws dev.fairway.schema.ApiException 422, naming the parameter
    static void check(ListQuery query) {
        Causes causes = new Causes();
        String match = query.match();
        if (!match.isEmpty()) {
            if (query.resourceVersion().isEmpty()) {
                causes.forbidden(MATCH, MATCH + " is forbidden unless resourceVersion is provided");
            }
            forbidWithContinue(causes, query.continued());
            if (!match.equals(EXACT) && !match.equals(NOT_OLDER_THAN)) {
                causes.unsupported(MATCH, match, List.of(EXACT, NOT_OLDER_THAN, ""));
            }
            if (match.equals(EXACT) && query.resourceVersion().equals("0")) {
                causes.forbidden(MATCH, MATCH + " \"exact\" is forbidden for resourceVersion \"0\"");
            }
        }
        if (query.sendInitialEvents().isPresent()) {
            causes.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }
        refuse(causes);
    }

    /// @throws dev.fairway.schema.ApiException 422, naming the parameter
    static void check(WatchQuery query) {
        Causes causes = new Causes();
        String match = query.match();
        boolean initial = query.sendInitialEvents().isPresent();
        if (initial && !match.equals(NOT_OLDER_THAN)) {
            causes.forbidden(MATCH, "sendInitialEvents requires setting " + MATCH + " to " + NOT_OLDER_THAN);
        }
        if (!match.isEmpty()) {
            if (!initial) {
                causes.forbidden(MATCH, MATCH + " is forbidden for watch unless sendInitialEvents is provided");
            }
            if (!match.equals(NOT_OLDER_THAN)) {
                causes.unsupported(MATCH, match, List.of(NOT_OLDER_THAN));
            }
            forbidWithContinue(causes, query.continued());
        }
        refuse(causes);
    }

    private static void forbidWithContinue(Causes causes, String continued) {
        if (!continued.isEmpty()) {
            causes.forbidden(MATCH, MATCH + " is forbidden when continue is provided");
        }
    }

    private static void refuse(Causes causes) {
        if (!causes.isEmpty()) {
            throw Causes.refusal(OPTIONS, "", causes.list());
        }
    }

    static boolean isExact(ListQuery query) {
        return query.match().equals(EXACT);
    }
}
