package dev.fairway.api.kind;

import dev.fairway.schema.Tree;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Checks `spec.strategy` of a Deployment and `spec.updateStrategy` of a DaemonSet.
final class RolloutValidation {

    private RolloutValidation() {}

    static void strategy(Causes causes, JsonNode strategy) {
        String type = Tree.text(strategy, "type");
        switch (type) {
            case "Recreate" -> {
                if (Tree.has(strategy, "rollingUpdate")) {
                    causes.forbidden(
                            "spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> rolling(causes, Tree.at(strategy, "rollingUpdate"));
            default -> causes.unsupported("spec.strategy.type", type, Set.of("Recreate", "RollingUpdate"));
        }
    }

    private static void rolling(Causes causes, JsonNode rolling) {
        String field = "spec.strategy.rollingUpdate.";
        amount(causes, field, rolling, "maxUnavailable", true);
        amount(causes, field, rolling, "maxSurge", false);
        if (isZero(Tree.at(rolling, "maxUnavailable")) && isZero(Tree.at(rolling, "maxSurge"))) {
            causes.invalid(
                    field + "maxUnavailable", Tree.at(rolling, "maxUnavailable"), "may not be 0 when `maxSurge` is 0");
        }
    }

    static void updateStrategy(Causes causes, JsonNode strategy) {
        String type = Tree.text(strategy, "type");
        switch (type) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> daemonRolling(causes, Tree.at(strategy, "rollingUpdate"));
            default -> causes.unsupported("spec.updateStrategy", type, List.of("OnDelete", "RollingUpdate"));
        }
    }

    private static void daemonRolling(Causes causes, JsonNode rolling) {
        String field = "spec.updateStrategy.rollingUpdate.";
        amount(causes, field, rolling, "maxUnavailable", true);
        amount(causes, field, rolling, "maxSurge", true);
        JsonNode surge = Tree.at(rolling, "maxSurge");
        boolean noSurge = surge.isMissingNode() || isZero(surge);
        boolean noneMissing = isZero(Tree.at(rolling, "maxUnavailable"));
        if (!noSurge && !noneMissing) {
            causes.invalid(field + "maxSurge", surge, "may not be set when maxUnavailable is non-zero");
        } else if (noSurge && noneMissing) {
            causes.required(field + "maxUnavailable", "cannot be 0 when maxSurge is 0");
        }
    }

    private static void amount(Causes causes, String prefix, JsonNode rolling, String name, boolean atMostAll) {
        JsonNode amount = Tree.at(rolling, name);
        boolean percent = amount.isString() && amount.stringValue().matches("[0-9]{1,9}%");
        if (amount.isString() && !percent) {
            causes.invalid(
                    prefix + name,
                    amount,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%',"
                            + " regex used for validation is '[0-9]+%')");
        } else if (amount.isIntegralNumber() && amount.longValue() < 0) {
            causes.invalid(prefix + name, amount.longValue(), "must be greater than or equal to 0");
        } else if (percent && atMostAll && percent(amount) > 100) {
            causes.invalid(prefix + name, amount, "must not be greater than 100%");
        }
    }

    private static boolean isZero(JsonNode amount) {
        return amount.isIntegralNumber()
                ? amount.longValue() == 0
                : amount.isString() && amount.stringValue().matches("0+%");
    }

    private static long percent(JsonNode amount) {
        String text = amount.stringValue();
        return Long.parseLong(text.substring(0, text.length() - 1));
    }
}
