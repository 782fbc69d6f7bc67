package org.fanfare.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.util.Properties;

/// Which Fanfare this is and what runs it.
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"fanfare " + number() + " (Java " + Runtime.version() + ")"};
    }

    private static String number() throws IOException {
        var properties = new Properties();
        try (var in = Version.class.getResourceAsStream("version.properties")) {
            properties.load(in);
        }
        return properties.getProperty("version", "unknown");
    }
}
