package org.fanfare.server;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes effective values into the text of the defaults, so that its order and its explanations
/// stay.
final class ConfigurationPrinter {

    /// Indentation, key, value, explanation.
    private static final Pattern LINE = Pattern.compile("( *)([a-z0-9-]+):(?: (.*?))?( *#.*)?");

    private final StringBuilder text = new StringBuilder();

    /// The sections around the line, outermost first.
    private final List<String> path = new ArrayList<>();

    private ConfigurationPrinter() {}

    static String print(String defaults, Node.Mapping effective) {
        var printer = new ConfigurationPrinter();
        defaults.lines().forEach(line -> printer.line(line, effective));
        return printer.text.toString();
    }

    private void line(String line, Node.Mapping effective) {
        var match = LINE.matcher(line);
        if (!match.matches()) {
            text.append(line).append('\n');
            return;
        }
        var depth = match.group(1).length() / 2;
        path.subList(depth, path.size()).clear();
        path.add(match.group(2));
        var opensSection = match.group(3) == null || match.group(3).isBlank();
        text.append(opensSection ? line : withValue(match, value(effective).inline())).append('\n');
    }

    private Node value(Node.Mapping effective) {
        Node node = effective;
        for (var name : path) {
            var below = node instanceof Node.Mapping(var values, _) ? values.get(name) : null;
            if (below == null) {
                throw new IllegalStateException("not in the effective configuration: " + path);
            }
            node = below;
        }
        return node;
    }

    /// The explanation stays in its column where the value leaves room.
    private static String withValue(Matcher line, String value) {
        var before = line.group(1) + line.group(2) + ": ";
        var comment = line.group(4);
        if (comment == null) {
            return before + value;
        }
        var room = line.start(4) + comment.indexOf('#') - before.length() - value.length();
        return before + value + " ".repeat(Math.max(room, 2)) + comment.strip();
    }
}
