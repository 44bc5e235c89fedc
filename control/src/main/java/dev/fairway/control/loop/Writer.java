package dev.fairway.control.loop;

import dev.fairway.schema.ApiException;
import dev.fairway.schema.Meta;
import dev.fairway.schema.Resource;
import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.client.ApiClient.DeleteOptions;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Performs writes and remembers what the mirrors must show before the key is decided again.
final class Writer {

    private final ApiClient client;
    private final EventWriter events;
    private final Expectations expectations;

    Writer(ApiClient client, EventWriter events, Expectations expectations) {
        this.client = client;
        this.events = events;
        this.expectations = expectations;
    }

    /// In order; the first refusal is thrown.
    void perform(WorkKey work, List<Write> writes) {
        writes.forEach(write -> perform(work, write));
    }

    private void perform(WorkKey work, Write write) {
        switch (write) {
            case Write.Create it -> {
                ObjectNode created = client.create(it.resource(), it.object());
                written(work, it.resource(), created);
                perform(work, it.then().apply(created));
            }
            case Write.Update it -> written(work, it.resource(), client.update(it.resource(), it.object()));
            case Write.UpdateStatus it -> written(work, it.resource(), client.updateStatus(it.resource(), it.object()));
            case Write.Patch it ->
                written(
                        work,
                        it.resource(),
                        client.patch(
                                it.resource(), it.key().namespace(), it.key().name(), it.subresource(), it.change()));
            case Write.Delete it -> delete(work, it);
            case Write.Announce it -> events.write(it);
            case Write.Outside it -> perform(work, outside(work, it));
        }
    }

    private List<Write> outside(WorkKey work, Write.Outside it) {
        try {
            return it.step().get();
        } catch (RuntimeException e) {
            perform(work, it.whenFailed().apply(e));
            throw e;
        }
    }

    private void written(WorkKey work, Resource resource, ObjectNode now) {
        expectations.expectSeen(work, resource, Meta.resourceVersion(now));
    }

    private void delete(WorkKey work, Write.Delete it) {
        expectations.expectDeleted(work, it.resource(), it.key(), it.uid());
        try {
            client.delete(
                    it.resource(),
                    it.key().namespace(),
                    it.key().name(),
                    new DeleteOptions(it.graceSeconds(), it.uid(), it.propagation()));
        } catch (ApiException e) {
            // Gone is what was wanted.
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }
}
