package dev.fairway.api.http;

import dev.fairway.api.registry.DeleteQuery;
import dev.fairway.api.registry.ListQuery;
import dev.fairway.api.registry.WatchQuery;
import dev.fairway.api.registry.WriteOptions;
import dev.fairway.schema.Json;
import dev.fairway.schema.Tree;
import dev.fairway.schema.client.ApiClient.Selection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Reads what a request asks for from its parameters and body.
final class Requests {

    private Requests() {}

    static boolean isWatch(Call call) {
        return call.query().flag("watch");
    }

    static Selection selection(Call call) {
        return new Selection(call.query().text("labelSelector"), call.query().text("fieldSelector"));
    }

    static ListQuery list(Call call, String namespace) {
        long limit = call.query().number("limit", 0);
        return new ListQuery(
                namespace,
                selection(call),
                (int) Math.min(limit, Integer.MAX_VALUE),
                call.query().text("continue"),
                call.query().text("resourceVersion"),
                call.query().text("resourceVersionMatch"),
                call.query().optionalFlag("sendInitialEvents"));
    }

    static WatchQuery watch(Call call, String namespace) {
        return new WatchQuery(
                namespace,
                selection(call),
                call.query().text("resourceVersion"),
                call.query().optionalFlag("sendInitialEvents"),
                call.query().text("resourceVersionMatch"),
                call.query().text("continue"),
                call.query().flag("allowWatchBookmarks"));
    }

    static WriteOptions write(Call call) {
        return WriteParameters.read(call);
    }

    /// The options of a deletion: the body's, else the parameters'.
    static ObjectNode deleteOptions(Call call) {
        if (call.body().length > 0) {
            return Wire.decodeOptions(call, "DeleteOptions").object();
        }
        ObjectNode options = Json.object();
        long grace = call.query().number("gracePeriodSeconds", -1);
        if (grace >= 0) {
            options.put("gracePeriodSeconds", grace);
        }
        options.put("propagationPolicy", call.query().text("propagationPolicy"));
        call.query().optionalFlag("orphanDependents").ifPresent(orphan -> options.put("orphanDependents", orphan));
        return options;
    }

    static DeleteQuery delete(ObjectNode options) {
        return DeleteQuery.of(options);
    }

    static WriteOptions deleteWrite(Call call, ObjectNode options) {
        List<String> dryRun = Tree.texts(options, "dryRun");
        return WriteParameters.read(call, dryRun.isEmpty() ? call.query().all("dryRun") : dryRun);
    }
}
