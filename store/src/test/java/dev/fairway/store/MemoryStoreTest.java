package dev.fairway.store;

class MemoryStoreTest extends StoreLaws {

    @Override
    Store open(ChangeWindow.Bounds bounds) {
        return IndexedStore.over(new Engine.Memory(), bounds);
    }
}
