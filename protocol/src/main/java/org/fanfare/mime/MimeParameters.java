package org.fanfare.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The parameters of a structured MIME field, in the order they came (RFC 2045 5.1). Names compare
/// without regard to case; of two with one name the first counts.
public record MimeParameters(List<Parameter> list) {

    public static final MimeParameters NONE = new MimeParameters(List.of());

    /// One parameter, its value without quotes and escapes.
    public record Parameter(String name, String value) {}

    public MimeParameters {
        list = List.copyOf(list);
    }

    public Optional<String> value(String name) {
        for (var parameter : list) {
            if (parameter.name.equalsIgnoreCase(name)) {
                return Optional.of(parameter.value);
            }
        }
        return Optional.empty();
    }

    /// A copy where `name` has this value and no other.
    public MimeParameters with(String name, String value) {
        var changed = new ArrayList<Parameter>(list.size() + 1);
        for (var parameter : list) {
            if (!parameter.name.equalsIgnoreCase(name)) {
                changed.add(parameter);
            }
        }
        changed.add(new Parameter(name, value));
        return new MimeParameters(changed);
    }

    /// As it is written after the value: each parameter with its semicolon, values quoted where the
    /// grammar asks for it.
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var parameter : list) {
            text.append(';').append(parameter.name).append('=');
            appendValue(text, parameter.value);
        }
        return text.toString();
    }

    private static void appendValue(StringBuilder text, String value) {
        if (!value.isEmpty() && value.chars().allMatch(FieldScanner::isTokenCharacter)) {
            text.append(value);
            return;
        }
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\');
            }
            text.append(c);
        }
        text.append('"');
    }
}
