package org.fanfare.sdp;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A session description (RFC 8866). Immutable; what was read is written again octet for octet.
///
/// Lines may end in LF alone, as section 5 allows; otherwise the grammar is taken at its word, and
/// what breaks it is answered 400.
public final class SessionDescription {

    private static final String SECTION = "RFC 8866 5";

    /// The letters in the order that lines must have; those of one group may be mixed.
    private static final String[] SESSION_ORDER = {
        "v", "o", "s", "i", "u", "e", "p", "c", "b", "trz", "k", "a"
    };

    private static final String[] MEDIA_ORDER = {"m", "i", "c", "b", "k", "a"};
    private static final String ONCE_IN_SESSION = "vosiuck";
    private static final String ONCE_IN_MEDIA = "mik";
    private static final String ALL = "vosiuepcbtrzkam";

    private final Octets octets;
    private final List<Line> session;
    private final List<MediaDescription> media;

    private SessionDescription(Octets octets, List<Line> session, List<MediaDescription> media) {
        this.octets = octets;
        this.session = List.copyOf(session);
        this.media = List.copyOf(media);
    }

    /// Reads a whole description.
    ///
    /// @throws MalformedMessage with 400 when it breaks the grammar, with 488 when it is larger
    ///   than the limits
    public static SessionDescription parse(Octets octets, Limits limits) {
        var lines = lines(octets, limits);
        int media = indexOfMedia(lines, 0);
        var session = lines.subList(0, media);
        checkOrder(session, SESSION_ORDER, ONCE_IN_SESSION);
        for (var needed : List.of('v', 'o', 's', 't')) {
            expectLine(session, needed, octets.length());
        }
        var version = session.getFirst();
        if (version.type() != 'v' || !version.value().equals("0")) {
            throw new MalformedMessage("v=: expected 0", version.offset(), "RFC 8866 5.1");
        }
        Origin.read(session.get(1));
        return new SessionDescription(octets, session, media(lines, media));
    }

    private static List<MediaDescription> media(List<Line> lines, int first) {
        var sections = new ArrayList<MediaDescription>(2);
        int from = first;
        while (from < lines.size()) {
            int to = indexOfMedia(lines, from + 1);
            var section = lines.subList(from, to);
            checkOrder(section, MEDIA_ORDER, ONCE_IN_MEDIA);
            sections.add(MediaDescription.read(section));
            from = to;
        }
        return sections;
    }

    private static int indexOfMedia(List<Line> lines, int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).type() != 'm') {
            at++;
        }
        return at;
    }

    private static List<Line> lines(Octets octets, Limits limits) {
        if (octets.length() > limits.sdpOctets()) {
            throw tooMuch(limits.sdpOctets() + " octets", limits.sdpOctets());
        }
        var lines = new ArrayList<Line>();
        int from = 0;
        while (from < octets.length()) {
            if (lines.size() >= limits.sdpLines()) {
                throw tooMuch(limits.sdpLines() + " lines", from);
            }
            int feed = octets.indexOf((byte) '\n', from);
            if (feed < 0) {
                Leniency.SDP_LAST_LINE.taken();
                feed = octets.length();
            }
            boolean afterReturn = feed > from && octets.at(feed - 1) == '\r';
            lines.add(line(octets, from, afterReturn ? feed - 1 : feed, limits));
            from = feed + 1;
        }
        return lines;
    }

    private static MalformedMessage tooMuch(String most, int offset) {
        return new MalformedMessage(
                "expected a description of at most " + most + ", found more", offset, SECTION, 488);
    }

    private static Line line(Octets octets, int from, int to, Limits limits) {
        if (to - from > limits.lineOctets()) {
            throw new MalformedMessage(
                    "expected a line of at most " + limits.lineOctets() + " octets, found more",
                    from,
                    SECTION,
                    488);
        }
        if (to - from < 2 || octets.at(from + 1) != '=' || ALL.indexOf(octets.at(from)) < 0) {
            throw new MalformedMessage("expected a letter and \"=\"", from, SECTION);
        }
        for (int i = from + 2; i < to; i++) {
            if (octets.at(i) == '\r' || octets.at(i) == 0) {
                throw new MalformedMessage("expected no CR or NUL in a line", i, SECTION);
            }
        }
        return new Line((char) octets.at(from), octets.slice(from + 2, to).utf8(), from);
    }

    private static void checkOrder(List<Line> lines, String[] order, String once) {
        int place = 0;
        char before = 0;
        for (var line : lines) {
            int found = place;
            while (found < order.length && order[found].indexOf(line.type()) < 0) {
                found++;
            }
            if (found == order.length) {
                throw new MalformedMessage(
                        line.type() + "=: expected it further up", line.offset(), SECTION);
            }
            if (line.type() == before && once.indexOf(before) >= 0) {
                throw new MalformedMessage(
                        line.type() + "=: expected one, found another", line.offset(), SECTION);
            }
            place = found;
            before = line.type();
        }
    }

    private static void expectLine(List<Line> lines, char type, int end) {
        if (lines.stream().noneMatch(line -> line.type() == type)) {
            throw new MalformedMessage(type + "=: expected one, found none", end, SECTION);
        }
    }

    static List<String> attributes(List<Line> lines, String name) {
        return lines.stream()
                .filter(line -> line.type() == 'a' && line.attribute().equals(name))
                .map(Line::attributeValue)
                .toList();
    }

    /// The lines before the first media section.
    public List<Line> session() {
        return session;
    }

    public List<MediaDescription> media() {
        return media;
    }

    public Origin origin() {
        return Origin.read(session.get(1));
    }

    /// The values of the attributes of the session of this name.
    public List<String> attributes(String name) {
        return attributes(session, name);
    }

    /// The c= line that is in force for a section: its own, or that of the session.
    ///
    /// @throws MalformedMessage when there is none, or it is malformed
    Connection connection(MediaDescription section) {
        var line = section.line('c').or(() -> sessionLine('c'));
        return Connection.read(
                line.orElseThrow(() ->
                        new MalformedMessage(
                                "c=: expected one for each media section or for all, found none",
                                section.lines().getFirst().offset(),
                                "RFC 8866 5.7")));
    }

    private Optional<Line> sessionLine(char type) {
        return session.stream().filter(line -> line.type() == type).findFirst();
    }

    /// As it was read, or as it goes on the wire.
    public Octets toOctets() {
        return octets;
    }

    /// A description made here, of one session without a time.
    ///
    /// @param sections each with its m= line first
    static SessionDescription of(Origin origin, List<List<Line>> sections) {
        var text = new StringBuilder();
        for (var line :
                List.of(
                        Line.of('v', "0"),
                        Line.of('o', origin.toString()),
                        Line.of('s', "-"),
                        Line.of('t', "0 0"))) {
            text.append(line).append("\r\n");
        }
        sections.forEach(section -> section.forEach(line -> text.append(line).append("\r\n")));
        return parse(Octets.utf8(text.toString()), Limits.NONE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionDescription that && octets.equals(that.octets);
    }

    @Override
    public int hashCode() {
        return octets.hashCode();
    }

    /// For people.
    @Override
    public String toString() {
        return octets.toString();
    }
}
