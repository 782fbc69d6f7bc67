package org.fanfare.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// A YAML value that knows where it was written.
sealed interface Node {

    Place place();

    /// On one line, in the form that YAML calls flow style.
    String inline();

    /// What a scalar is when it is written without quotes.
    enum Kind {
        TEXT,
        NUMBER,
        BOOLEAN,
        NULL
    }

    record Scalar(Kind kind, String text, Place place) implements Node {

        boolean isNull() {
            return kind == Kind.NULL;
        }

        @Override
        public String inline() {
            return switch (kind) {
                case NULL -> "null";
                case NUMBER, BOOLEAN -> text;
                case TEXT -> isPlain() ? text : quoted();
            };
        }

        /// Text that can do without quotes wherever it stands.
        private boolean isPlain() {
            return text.matches("[a-z][a-z0-9./-]*|[0-9]+(ms|s|m|h|d|KiB|MiB|GiB)")
                    && !text.matches("true|false|null");
        }

        private String quoted() {
            var quoted = new StringBuilder("\"");
            text.chars()
                    .forEach(c -> {
                        switch (c) {
                            case '"' -> quoted.append("\\\"");
                            case '\\' -> quoted.append("\\\\");
                            default -> {
                                if (c < ' ' || c >= 0x7F) {
                                    quoted.append("\\u%04X".formatted(c));
                                } else {
                                    quoted.append((char) c);
                                }
                            }
                        }
                    });
            return quoted.append('"').toString();
        }
    }

    record Sequence(List<Node> items, Place place) implements Node {

        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String inline() {
            return items.stream().map(Node::inline).collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /// The values by key; the place of a value in it is the place of its key.
    record Mapping(SequencedMap<String, Node> values, Place place) implements Node {

        public Mapping {
            values = new LinkedHashMap<>(values);
        }

        @Override
        public String inline() {
            return values.entrySet().stream()
                    .map(entry -> entry.getKey() + ": " + entry.getValue().inline())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }
}
