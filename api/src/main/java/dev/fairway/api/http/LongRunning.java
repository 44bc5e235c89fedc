package dev.fairway.api.http;

import java.util.Set;

/// Which requests last by nature: neither their number nor their time is limited like that of others.
final class LongRunning {

    private static final Set<String> STREAMS = Set.of("attach", "exec", "portforward", "proxy");

    private LongRunning() {}

    static boolean is(Call call) {
        return switch (call.target()) {
            case Target.Plain _ -> false;
            case Target.Collection _ -> call.method().equals("GET") && Requests.isWatch(call);
            case Target.Item item ->
                STREAMS.contains(item.subresource())
                        || (item.subresource().equals("log") && call.query().flag("follow"));
        };
    }
}
