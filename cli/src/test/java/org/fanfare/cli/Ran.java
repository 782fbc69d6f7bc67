package org.fanfare.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/// The command run to its end in this process: its exit status and what it printed.
record Ran(int status, String out, String err) {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    static Ran fanfare(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status =
                Fanfare.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new Ran(status, out.toString(), err.toString());
    }

    /// Each line of the standard output as the JSON object that it must be.
    List<JsonNode> events() {
        return out.lines().map(Ran::json).toList();
    }

    JsonNode lastEvent() {
        return events().getLast();
    }

    static JsonNode json(String line) {
        return MAPPER.readTree(line);
    }
}
