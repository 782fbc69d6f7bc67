package org.fanfare.server;

import java.util.Locale;

/// How errors name what they found.
final class Describe {

    private static final int LONGEST = 60;

    private Describe() {}

    static String node(Node node) {
        return switch (node) {
            case Node.Scalar(var kind, var text, _) when kind == Node.Kind.NULL ->
                    text.isEmpty() ? "nothing" : "%1$s, which is nothing in YAML".formatted(text);
            case Node.Scalar(var kind, _, _) ->
                    "the %s %s".formatted(kind.name().toLowerCase(Locale.ROOT), cut(node.inline()));
            case Node.Sequence _ -> "the list " + cut(node.inline());
            case Node.Mapping _ -> "the section " + cut(node.inline());
        };
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }
}
