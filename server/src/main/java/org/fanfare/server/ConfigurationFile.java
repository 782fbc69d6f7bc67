package org.fanfare.server;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;

/// The effective configuration: the defaults, a file over them, settings of the command line over
/// both.
public final class ConfigurationFile {

    private final Node.Mapping effective;
    private final Configuration configuration;

    private ConfigurationFile(Node.Mapping effective) {
        this.effective = effective;
        this.configuration = new ConfigurationReader().read(effective);
        ConfigurationChecks.check(configuration, effective);
    }

    /// Reads a file, if there is one, and lays settings of the command line (`a.b=c`) over it.
    ///
    /// @throws ConfigurationException when any of it makes no sense
    public static ConfigurationFile load(@Nullable Path file, List<String> settings) {
        var defaults = defaultValues();
        var known = Keys.all(defaults);
        var effective = defaults;
        if (file != null) {
            effective = new Overlay(known).lay(readFile(file), effective);
        }
        for (var setting : settings) {
            effective = new Overlay(known).lay(readSetting(setting), effective);
        }
        return new ConfigurationFile(effective);
    }

    public Configuration configuration() {
        return configuration;
    }

    /// All keys with their values and explanations, in a form that can be loaded again.
    public String toYaml() {
        return ConfigurationPrinter.print(defaultText(), effective);
    }

    static String defaultText() {
        try (var text = Configuration.class.getResourceAsStream("fanfare.yaml")) {
            if (text == null) {
                throw new IllegalStateException("fanfare.yaml is missing in the jar");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Read once: it is asked for at every step.
    static Node.Mapping defaultValues() {
        return Defaults.VALUES;
    }

    private static final class Defaults {
        static final Node.Mapping VALUES =
                withoutPlaces((Node.Mapping) YamlReader.readFile(defaultText(), "fanfare.yaml"));
    }

    private static Node.Mapping withoutPlaces(Node.Mapping mapping) {
        var values = new LinkedHashMap<String, Node>();
        mapping.values()
                .forEach((key, value) ->
                        values.put(
                                key,
                                switch (value) {
                                    case Node.Mapping section -> withoutPlaces(section);
                                    case Node.Sequence(var items, _) ->
                                            new Node.Sequence(items, Place.DEFAULT);
                                    case Node.Scalar(var kind, var text, _) ->
                                            new Node.Scalar(kind, text, Place.DEFAULT);
                                }));
        return new Node.Mapping(values, Place.DEFAULT);
    }

    private static Node readFile(Path file) {
        try {
            return YamlReader.readFile(Files.readString(file), file.toString());
        } catch (NoSuchFileException _) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException _) {
            throw unreadable(file, "is not UTF-8");
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + e);
        }
    }

    private static ConfigurationException unreadable(Path file, String reason) {
        return new ConfigurationException(new Place(file.toString(), 0), "", reason, "");
    }

    /// `a.b=c` is what `a: {b: c}` is in a file.
    private static Node readSetting(String setting) {
        var equals = setting.indexOf('=');
        var source = "--set " + setting;
        var place = new Place(source, 0);
        if (equals <= 0) {
            throw new ConfigurationException(place, "", "expected KEY=VALUE", "");
        }
        var node = YamlReader.readOption(setting.substring(equals + 1), source);
        for (var part : List.of(setting.substring(0, equals).split("\\.", -1)).reversed()) {
            var section = new LinkedHashMap<String, Node>();
            section.put(part.strip(), node);
            node = new Node.Mapping(section, place);
        }
        return node;
    }
}
