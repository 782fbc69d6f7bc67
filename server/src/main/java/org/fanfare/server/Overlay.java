package org.fanfare.server;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;

/// Lays settings over others that know all the keys.
final class Overlay {

    private final List<String> known;

    Overlay(List<String> known) {
        this.known = known;
    }

    Node.Mapping lay(Node settings, Node.Mapping base) {
        return lay(settings, base, "");
    }

    private Node.Mapping lay(Node settings, Node.Mapping base, String path) {
        return switch (settings) {
            case Node.Scalar scalar when scalar.isNull() -> base; // a section without a line in it
            case Node.Scalar _, Node.Sequence _ ->
                    throw new ConfigurationException(
                            settings.place(),
                            path,
                            "wrong type: expected the keys %s, found %s"
                                    .formatted(
                                            String.join(", ", base.values().sequencedKeySet()),
                                            Describe.node(settings)),
                            path);
            case Node.Mapping section -> layEach(section, base, path);
        };
    }

    private Node.Mapping layEach(Node.Mapping section, Node.Mapping base, String path) {
        var values = new LinkedHashMap<>(base.values());
        section.values()
                .forEach((name, value) -> {
                    var key = Keys.join(path, name);
                    values.put(name, layOne(key, value, base.values().get(name)));
                });
        return new Node.Mapping(values, section.place());
    }

    private Node layOne(String key, Node value, @Nullable Node below) {
        return switch (below) {
            case null -> throw unknown(key, value);
            case Node.Mapping section -> lay(value, section, key);
            case Node.Scalar _, Node.Sequence _ -> value;
        };
    }

    private ConfigurationException unknown(String key, Node value) {
        var nearest = Keys.nearest(key, known);
        var reason = "there is no such key; the nearest known key is " + nearest;
        if (nearest.equals(key)) { // a name with dots in it, which are between sections
            reason += ", which is written as a section with the key indented below it";
        }
        return new ConfigurationException(value.place(), key, reason, nearest);
    }
}
