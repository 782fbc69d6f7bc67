package org.fanfare.cli;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a command tells its user as it goes: a sentence for people, or a JSON object a line for
/// programs.
final class Events {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final PrintWriter out;
    private final boolean json;

    Events(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /// Something has happened. Values are strings, numbers, booleans, lists or null.
    synchronized void tell(String event, String sentence, Map<String, ?> values) {
        if (json) {
            var object = new LinkedHashMap<String, @Nullable Object>();
            object.put("event", event);
            object.putAll(values);
            out.println(MAPPER.writeValueAsString(object));
        } else {
            out.println(printable(sentence));
        }
        out.flush();
    }

    /// Text from the network must not move the cursor of a terminal (reliability C1).
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\ufffd");
    }

    /// Values in the order given, any of which may be null.
    static Map<String, @Nullable Object> values(@Nullable Object... namesAndValues) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]);
        }
        return values;
    }
}
