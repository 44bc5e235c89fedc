package dev.fairway.api.http;

import dev.fairway.api.kind.Kind;
import dev.fairway.api.kind.Kinds;
import dev.fairway.api.registry.Refusal;
import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.schema.ApiException;
import dev.fairway.schema.Resource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// From a request to its answer: who, may they, what. Every request gets an answer, bad ones too.
final class Router {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);

    private final Kinds kinds;
    private final Authorizer authorizer;
    private final PlainRoutes plain;
    private final ObjectRoutes objects;
    private final SubresourceRoutes subresources;
    private final ReviewRoutes reviews;

    Router(
            Kinds kinds,
            Authorizer authorizer,
            PlainRoutes plain,
            ObjectRoutes objects,
            SubresourceRoutes subresources,
            ReviewRoutes reviews) {
        this.kinds = kinds;
        this.authorizer = authorizer;
        this.plain = plain;
        this.objects = objects;
        this.subresources = subresources;
        this.reviews = reviews;
    }

    Reply answer(Call call) {
        try {
            authorizer.require(call.user(), access(call));
            return switch (call.target()) {
                case Target.Plain _ -> plain.answer(call);
                case Target.Collection collection -> collection(call, collection);
                case Target.Item item -> item(call, item);
            };
        } catch (ApiException e) {
            return Answers.error(call, e);
        } catch (RuntimeException e) {
            LOG.error("cannot answer {} {}", call.method(), call.path(), e);
            String text = "the server failed to answer; its log says why";
            return Answers.error(call, new ApiException(500, "InternalError", text));
        }
    }

    private Reply collection(Call call, Target.Collection target) {
        Optional<Resource> review = reviews.find(target);
        if (review.isPresent()) {
            return reviews.answer(call, review.get(), target.namespace());
        }
        objects.catchUp(call);
        return objects.collection(call, kind(target.group(), target.version(), target.plural()), target.namespace());
    }

    private Reply item(Call call, Target.Item item) {
        Kind kind = kind(item.group(), item.version(), item.plural());
        if (kind.resource().namespaced() == item.namespace().isEmpty()) {
            throw Refusal.noSuchPath();
        }
        objects.catchUp(call);
        return item.subresource().isEmpty()
                ? objects.item(call, kind, item, dev.fairway.api.registry.Section.MAIN)
                : subresources.answer(call, kind, item);
    }

    private Kind kind(String group, String version, String plural) {
        return kinds.find(group, version, plural).orElseThrow(Refusal::noSuchPath);
    }

    static Access access(Call call) {
        return switch (call.target()) {
            case Target.Plain path -> new Access.ToPath(call.method().toLowerCase(Locale.ROOT), path.path());
            case Target.Collection to ->
                Access.ToResource.collection(
                        collectionVerb(call),
                        to.group(),
                        to.plural(),
                        to.namespace(),
                        call.query().text("fieldSelector"));
            case Target.Item to ->
                new Access.ToResource(
                        itemVerb(call), to.group(), to.plural(), to.subresource(), to.namespace(), to.name());
        };
    }

    private static String collectionVerb(Call call) {
        return switch (call.method()) {
            case "GET", "HEAD" -> Requests.isWatch(call) ? "watch" : "list";
            case "POST" -> "create";
            case "DELETE" -> "deletecollection";
            default -> call.method().toLowerCase(Locale.ROOT);
        };
    }

    private static String itemVerb(Call call) {
        return switch (call.method()) {
            case "GET", "HEAD" -> "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            default -> call.method().toLowerCase(Locale.ROOT);
        };
    }
}
