package dev.fairway.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JsonTest {

    /// What Go's `json.MarshalIndent` prints for the same value.
    @Test
    void peopleReadWhatUpstreamPrints() {
        var tree = Json.parse("""
                {"kind":"Service","metadata":{},"ports":[{"port":80},{"port":81}],"cidrs":["10.0.0.0/8"],"none":[]}""");
        assertThat(Json.toPrettyText(tree)).isEqualTo("""
                {
                  "kind": "Service",
                  "metadata": {},
                  "ports": [
                    {
                      "port": 80
                    },
                    {
                      "port": 81
                    }
                  ],
                  "cidrs": [
                    "10.0.0.0/8"
                  ],
                  "none": []
                }""");
    }
}
