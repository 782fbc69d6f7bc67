package org.fanfare.cli.conformance;

import org.fanfare.uri.HostPort;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A session description as the lines that it has.
record Sdp(List<String> lines) {

    static final String FILE_SELECTOR = "file-selector";
    static final String CEMA = "msrp-cema";

    static Sdp parse(String text) {
        return new Sdp(text.lines().toList());
    }

    /// Ours, of one MSRP session.
    ///
    /// @param attributes lines after `a=`
    static String of(HostPort media, String path, String... attributes) {
        var text = new StringBuilder();
        text.append("v=0\r\no=- 3824 1 IN IP4 ").append(media.host());
        text.append("\r\ns=-\r\nc=IN IP4 ").append(media.host());
        text.append("\r\nt=0 0\r\nm=message ").append(media.port());
        text.append(" TCP/MSRP *\r\na=path:").append(path).append("\r\n");
        for (var attribute : attributes) {
            text.append("a=").append(attribute).append("\r\n");
        }
        return text.toString();
    }

    /// The one media line; empty when there is none.
    String media() {
        return lines.stream().filter(line -> line.startsWith("m=")).findFirst().orElse("");
    }

    /// Whether there is a flag or direction, `a=sendonly`.
    boolean has(String attribute) {
        return lines.contains("a=" + attribute);
    }

    /// The value of `a=NAME:VALUE`.
    Optional<String> value(String name) {
        var prefix = "a=" + name.toLowerCase(Locale.ROOT) + ":";
        return lines.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(line -> line.substring(prefix.length()).strip())
                .findFirst();
    }

    String path() {
        return value("path").orElse("");
    }
}
