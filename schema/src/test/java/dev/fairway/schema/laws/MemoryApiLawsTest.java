package dev.fairway.schema.laws;

import dev.fairway.schema.client.ApiClient;
import dev.fairway.schema.memory.MemoryApi;

class MemoryApiLawsTest extends ApiClientLaws {

    private final MemoryApi api = new MemoryApi();

    @Override
    protected ApiClient client() {
        return api;
    }
}
