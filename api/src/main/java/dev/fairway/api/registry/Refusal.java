package dev.fairway.api.registry;

import dev.fairway.api.kind.Causes;
import dev.fairway.api.kind.Kind;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.ApiException.Cause;
import dev.fairway.schema.ApiException.Details;
import dev.fairway.schema.Resource;
import dev.fairway.store.StoreException;
import java.util.List;
import java.util.stream.Collectors;

/// Refusals in the words clients know.
public final class Refusal {

    private Refusal() {}

    public static ApiException notFound(Resource resource, String name) {
        String message = resource.qualifiedName() + " \"" + name + "\" not found";
        return new ApiException(404, "NotFound", message, about(resource, name, List.of()));
    }

    public static ApiException noSuchPath() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource");
    }

    public static ApiException alreadyExists(Resource resource, String name) {
        String message = resource.qualifiedName() + " \"" + name + "\" already exists";
        return new ApiException(409, "AlreadyExists", message, about(resource, name, List.of()));
    }

    /// Every name that was made of this `generateName` is taken; another request may be luckier.
    static ApiException noUniqueName(Resource resource, String base) {
        String message = resource.qualifiedName() + " \"" + base
                + "\" already exists, the server was not able to generate a unique name for the object";
        Details details = new Details(resource.group(), resource.plural(), base, "", List.of(), 1);
        return new ApiException(409, "AlreadyExists", message, details);
    }

    public static ApiException modified(Resource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiException conflict(Resource resource, String name, String why) {
        String message = "Operation cannot be fulfilled on " + resource.qualifiedName() + " \"" + name + "\": " + why;
        return new ApiException(409, "Conflict", message, about(resource, name, List.of()));
    }

    /// @param causes at least one
    public static ApiException invalid(Kind kind, String name, List<Cause> causes) {
        return Causes.refusal(kind.resource(), name, causes);
    }

    public static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    public static ApiException forbidden(Resource resource, String name, String why, List<Cause> causes) {
        String what = resource.qualifiedName() + (name.isEmpty() ? "" : " \"" + name + "\"");
        return new ApiException(403, "Forbidden", what + " is forbidden: " + why, about(resource, name, causes));
    }

    public static ApiException methodNotAllowed() {
        return new ApiException(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource");
    }

    public static ApiException expired(String message) {
        return new ApiException(410, "Expired", message);
    }

    /// The client asked for a revision that the server has not reached.
    public static ApiException tooNew(long asked, long current) {
        String message = "Timeout: Too large resource version: " + asked + ", current: " + current;
        Cause cause = new Cause("ResourceVersionTooLarge", "Too large resource version", "");
        return new ApiException(504, "Timeout", message, new Details("", "", "", "", List.of(cause), 1));
    }

    /// The store could not do it: what the client may expect of a second try is in the code.
    public static ApiException storage(StoreException failure) {
        String text = failure.text();
        return switch (failure.meaning()) {
            case FAILED -> new ApiException(500, "InternalError", "Internal error occurred: " + text);
            case FULL -> new ApiException(507, "InsufficientStorage", text);
            // no Retry-After: clients would repeat for half a minute before they say anything
            case UNAVAILABLE -> new ApiException(503, "ServiceUnavailable", text);
            case UNKNOWN_OUTCOME -> new ApiException(504, "Timeout", "Timeout: " + text);
        };
    }

    /// Every attempt met somebody else's change.
    public static ApiException tooBusy(Resource resource, String name) {
        String message = "the object " + resource.qualifiedName() + " \"" + name
                + "\" is being changed by too many clients at once; please try again";
        return new ApiException(409, "Conflict", message, about(resource, name, List.of()));
    }

    private static Details about(Resource resource, String name, List<Cause> causes) {
        return new Details(resource.group(), resource.plural(), name, "", causes, 0);
    }

    /// The refusals of a field, joined for a message.
    static String join(List<Cause> causes) {
        return causes.stream().map(Cause::message).collect(Collectors.joining(", "));
    }
}
