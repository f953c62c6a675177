package io.github.corymb.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class BalanceSpecTest {

    @Test
    void writesWhatItReads() throws JsonProcessingException {
        JsonMapper json = JsonMapper.builder().build();
        BalanceSpec spec = json.readValue("{\"type\": \"static\"}", BalanceSpec.class);
        assertEquals(new StaticBalance.Spec(), spec);
        assertEquals("{\"type\":\"static\"}", json.writeValueAsString(spec));
        assertInstanceOf(StaticBalance.class, spec.build(List.of(1.0)));
    }
}
