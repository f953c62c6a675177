package io.github.corymb.embedding;

/// The storages that rows can learn in: `storage` of a table in the experiment file. [Storage] says what each is.
public enum TableStorage {
    FLOAT32(Storage.FLOAT32),
    BFLOAT16(Storage.BFLOAT16),
    FLOAT16(Storage.FLOAT16);

    private final Storage storage;

    TableStorage(Storage storage) {
        this.storage = storage;
    }

    Storage storage() {
        return storage;
    }
}
