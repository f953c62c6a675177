package io.github.corymb.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeviceTest {

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "cuda:0", "cuda:12"})
    void isReadAsItIsWritten(String name) {
        assertEquals(name, Device.parse(name).name());
    }

    @Test
    void theFirstGpuNeedsNoNumber() {
        assertEquals(new Device.Cuda(0), Device.parse("cuda"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "CPU", "cuda:", "cuda:-1", "cuda:1:2"})
    void refusesOtherWords(String name) {
        assertThrows(IllegalArgumentException.class, () -> Device.parse(name));
    }
}
