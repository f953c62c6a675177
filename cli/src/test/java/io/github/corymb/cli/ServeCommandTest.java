package io.github.corymb.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServeCommandTest {

    @Test
    void aLimitThatCannotBeIsAMistakeInOneLine() {
        assertMistake("connection_limit: expected at least 1, found 0", "--connections", "0");
        assertMistake("requests_per_run: expected at least 1, found 0", "--requests-per-run", "0");
        assertMistake("requests_per_client: expected at least 0, found -1", "--requests-per-client", "-1");
        assertMistake("port: expected from 0 to 65535, found -1", "--port", "-1");
        assertMistake("port: expected from 0 to 65535, found 70000", "--port", "70000");
    }

    private static void assertMistake(String message, String option, String value) {
        Command command = Command.run("serve", "bundles", option, value);
        assertEquals(List.of("corymb: " + message), command.complaints());
        assertEquals(Main.USER_MISTAKE, command.status());
    }

    @Test
    void tellsHowManyVersionsItServes() {
        assertEquals("serving 0 model versions at http://h:1", ServeCommand.serving(0, "http://h:1"));
        assertEquals("serving 1 model version at http://h:1", ServeCommand.serving(1, "http://h:1"));
        assertEquals("serving 2 model versions at http://h:1", ServeCommand.serving(2, "http://h:1"));
    }
}
