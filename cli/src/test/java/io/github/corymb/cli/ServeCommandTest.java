package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ServeCommandTest {

    @Test
    void tellsHowManyVersionsItServes() {
        assertEquals("serving 0 model versions at http://h:1", ServeCommand.serving(0, "http://h:1"));
        assertEquals("serving 1 model version at http://h:1", ServeCommand.serving(1, "http://h:1"));
        assertEquals("serving 2 model versions at http://h:1", ServeCommand.serving(2, "http://h:1"));
    }
}
