package org.fanfare.server;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

import java.util.ArrayList;
import java.util.LinkedHashMap;

/// YAML text as nodes that know their lines. One document, no anchors, no key twice.
final class YamlReader {

    private static final YAMLFactory FACTORY = new YAMLFactory();

    /// As null in YAML, of which the parser does not know; no setting is meant by it as text.
    private static final String NOTHING = "~";

    /// A configuration is not deeper than this; protects from nonsense.
    private static final int MAX_DEPTH = 16;

    private final String source;

    /// Whether the lines of the text mean anything to the reader of an error.
    private final boolean hasLines;

    private final JsonParser parser;

    private YamlReader(String source, boolean hasLines, JsonParser parser) {
        this.source = source;
        this.hasLines = hasLines;
        this.parser = parser;
    }

    /// The document of a file; an empty one is null.
    static Node readFile(String text, String source) {
        return read(text, source, true);
    }

    /// The value of an option of the command line.
    static Node readOption(String text, String source) {
        return read(text, source, false);
    }

    private static Node read(String text, String source, boolean hasLines) {
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return new YamlReader(source, hasLines, parser).document();
        } catch (JacksonException e) {
            throw notYaml(e, source, hasLines);
        }
    }

    private static ConfigurationException notYaml(
            JacksonException e, String source, boolean hasLines) {
        var location = e.getLocation();
        var line = hasLines && location != null ? Math.max(location.getLineNr(), 0) : 0;
        var reason = e.getOriginalMessage().lines().findFirst().orElse("").strip();
        return new ConfigurationException(
                new Place(source, line), "", "cannot be read as YAML: " + reason, "");
    }

    private Node document() {
        if (parser.nextToken() == null) {
            return new Node.Scalar(Node.Kind.NULL, "", place());
        }
        var node = node(0);
        if (parser.nextToken() != null) {
            throw fault("", "expected one YAML document, found another one after it");
        }
        return node;
    }

    private Node node(int depth) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
            throw fault("", "aliases (*name) are not taken here: write the value out");
        }
        if (depth > MAX_DEPTH) {
            throw fault("", "deeper than " + MAX_DEPTH + " levels");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> mapping(depth);
            case START_ARRAY -> sequence(depth);
            case VALUE_NULL -> scalar(Node.Kind.NULL);
            case VALUE_TRUE, VALUE_FALSE -> scalar(Node.Kind.BOOLEAN);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(Node.Kind.NUMBER);
            default -> scalar(NOTHING.equals(parser.getString()) ? Node.Kind.NULL : Node.Kind.TEXT);
        };
    }

    private Node scalar(Node.Kind kind) {
        return new Node.Scalar(kind, parser.getString(), place());
    }

    private Node sequence(int depth) {
        var place = place();
        var items = new ArrayList<Node>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(node(depth + 1));
        }
        return new Node.Sequence(items, place);
    }

    private Node mapping(int depth) {
        var place = place();
        var values = new LinkedHashMap<String, Node>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var key = parser.currentName();
            var keyPlace = place();
            if (values.containsKey(key)) {
                throw new ConfigurationException(
                        keyPlace,
                        key,
                        "stands here twice, first in line " + values.get(key).place().line(),
                        key);
            }
            parser.nextToken();
            values.put(key, at(keyPlace, node(depth + 1)));
        }
        return new Node.Mapping(values, place);
    }

    /// An error is looked for where the key stands, even when its value begins a line later.
    private static Node at(Place place, Node node) {
        return switch (node) {
            case Node.Scalar(var kind, var text, _) -> new Node.Scalar(kind, text, place);
            case Node.Sequence(var items, _) -> new Node.Sequence(items, place);
            case Node.Mapping(var values, _) -> new Node.Mapping(values, place);
        };
    }

    private Place place() {
        return new Place(source, hasLines ? parser.currentTokenLocation().getLineNr() : 0);
    }

    private ConfigurationException fault(String key, String reason) {
        return new ConfigurationException(place(), key, reason, key);
    }
}
