package dev.fairway.api.http;

import dev.fairway.api.security.Access;
import dev.fairway.api.security.Authorizer;
import dev.fairway.api.security.Impersonation;
import dev.fairway.api.security.User;
import dev.fairway.api.security.audit.AuditEvent;
import dev.fairway.api.security.audit.AuditEvent.Stage;
import dev.fairway.api.security.audit.AuditLog;
import dev.fairway.schema.ApiException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What every request passes before and after it is answered: impersonation, the number of requests at once, the audit
/// log, the metrics.
final class Gate {

    /// Questions that are asked all the time and tell nothing.
    private static final Set<String> UNLOGGED = Set.of("/healthz", "/livez", "/readyz");

    private final Authorizer authorizer;
    private final InFlight inFlight;
    private final AuditLog audit;
    private final ApiMetrics metrics;
    private final InstantSource clock;
    private final Function<Call, Reply> router;

    Gate(
            Authorizer authorizer,
            InFlight inFlight,
            AuditLog audit,
            ApiMetrics metrics,
            InstantSource clock,
            Function<Call, Reply> router) {
        this.authorizer = authorizer;
        this.inFlight = inFlight;
        this.audit = audit;
        this.metrics = metrics;
        this.clock = clock;
        this.router = router;
    }

    /// Answers the request and hands the answer to `send`, which returns when it is sent, or on its way.
    void pass(Call sent, Entrance.Sender send) throws InterruptedException {
        long begin = System.nanoTime();
        Answered answered = answer(sent);
        Call call = answered.call;
        if (LongRunning.is(call)) {
            record(call, Stage.ResponseStarted, "", 0);
            Runnable ended = metrics.began(call);
            try {
                send.send(answered.reply);
            } finally {
                ended.run();
            }
        } else {
            send.send(answered.reply);
        }
        metrics.answered(call, code(answered.reply), (System.nanoTime() - begin) / 1e9);
        record(call, Stage.ResponseComplete, name(answered.reply), code(answered.reply));
    }

    /// @param call as whom it was answered
    private record Answered(Call call, Reply reply) {}

    private Answered answer(Call sent) throws InterruptedException {
        try {
            Call call = acting(sent);
            return new Answered(call, timely(call));
        } catch (ApiException e) {
            return new Answered(sent, Answers.error(sent, e));
        }
    }

    private Reply timely(Call call) throws InterruptedException {
        try {
            return inFlight.answer(call, () -> router.apply(call));
        } catch (ApiException e) {
            return Answers.error(call, e);
        }
    }

    private Call acting(Call call) {
        Impersonation wanted = Impersonation.of(call.origin().allHeaders());
        return wanted.isNone() ? call : call.as(wanted.by(call.user(), authorizer));
    }

    private static int code(Reply reply) {
        return switch (reply) {
            case Reply.Whole whole -> whole.status();
            case Reply.Large _ -> 200;
            case Reply.Stream _ -> 200;
            case Reply.Socket _ -> 101;
            case Reply.Spdy _ -> 101;
            case Reply.Tunnel _ -> 101;
        };
    }

    private static String name(Reply reply) {
        return reply instanceof Reply.Whole whole ? whole.name() : "";
    }

    /// @param created the name of an object that the path does not name
    private void record(Call call, Stage stage, String created, int code) throws InterruptedException {
        Access access = Router.access(call).about(created);
        if (!audit.isOpen() || (access instanceof Access.ToPath to && UNLOGGED.contains(to.path()))) {
            return;
        }
        Call.Origin origin = call.origin();
        Optional<User> real = origin.real();
        audit.record(new AuditEvent(
                origin.auditId(),
                stage,
                real.orElse(call.user()),
                real.map(_ -> call.user()),
                access,
                version(call.target()),
                loggable(call),
                origin.address(),
                call.header("User-Agent"),
                code,
                origin.received(),
                clock.instant()));
    }

    private static String version(Target target) {
        return switch (target) {
            case Target.Plain _ -> "";
            case Target.Collection to -> to.version();
            case Target.Item to -> to.version();
        };
    }

    /// A command's words and what is proxied may hold secrets: only the path is kept of those.
    private static String loggable(Call call) {
        boolean plain = call.target() instanceof Target.Item item
                && Set.of("exec", "attach", "proxy").contains(item.subresource());
        return plain ? call.path() : call.origin().uri();
    }
}
