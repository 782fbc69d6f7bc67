package org.fanfare.sdp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Optional;

/// A media section: its m= line and what follows (RFC 8866 5.14).
///
/// @param protocol as written, such as `TCP/MSRP`
/// @param formats as written, one or more
/// @param lines all of them, the m= line first
public record MediaDescription(
        String media, int port, String protocol, List<String> formats, List<Line> lines) {

    private static final String SECTION = "RFC 8866 5.14";
    private static final int MAX_PORT = 65_535;

    public MediaDescription {
        formats = List.copyOf(formats);
        lines = List.copyOf(lines);
    }

    /// @param lines the first one is the m= line
    static MediaDescription read(List<Line> lines) {
        var line = lines.getFirst();
        var words = line.value().split(" ", -1);
        if (words.length < 4) {
            throw fault(line, "expected media, port, protocol and a format");
        }
        for (var word : words) {
            if (word.isEmpty()) {
                throw fault(line, "expected single blanks between its fields");
            }
        }
        return new MediaDescription(
                words[0],
                port(line, words[1]),
                words[2],
                List.of(words).subList(3, words.length),
                lines);
    }

    /// A number of ports behind a slash means nothing for messages: it is left out.
    private static int port(Line line, String text) {
        int slash = text.indexOf('/');
        var cursor = Cursor.over(slash < 0 ? text : text.substring(0, slash), "m=", SECTION);
        try {
            int port = (int) cursor.expectNumber("a port", MAX_PORT);
            cursor.expectEnd();
            return port;
        } catch (MalformedMessage _) {
            throw fault(line, "expected a port up to " + MAX_PORT);
        }
    }

    private static MalformedMessage fault(Line line, String what) {
        return new MalformedMessage("m=: " + what, line.offset(), SECTION);
    }

    /// The values of the attributes of this name, in order; empty ones for those that have none.
    public List<String> attributes(String name) {
        return SessionDescription.attributes(lines, name);
    }

    /// The value of the first attribute of this name.
    public Optional<String> attribute(String name) {
        return attributes(name).stream().findFirst();
    }

    Optional<Line> line(char type) {
        return lines.stream().filter(line -> line.type() == type).findFirst();
    }
}
