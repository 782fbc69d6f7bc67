package org.fanfare.sip.dialog;

import org.fanfare.wire.Octets;

import java.util.List;

/// Whether two bodies describe one session in the same way. By its o= line alone a description is
/// told from another one; but who raises the version there need not change anything else, and is
/// not to be refused for that (RFC 3264 8).
final class SameMedia {

    private static final String ORIGIN = "o=";
    private static final String LINES_OF_MEDIA = "cbkam";

    private SameMedia() {}

    static boolean in(Octets one, Octets other) {
        var first = description(one);
        var second = description(other);
        return (!first.isEmpty() && !second.isEmpty())
                ? first.getFirst().equals(second.getFirst()) || media(first).equals(media(second))
                : one.equals(other);
    }

    /// The lines from the first o= line on, wherever it stands in the body.
    private static List<String> description(Octets body) {
        return body.utf8()
                .lines()
                .dropWhile(line -> !line.startsWith(ORIGIN))
                .takeWhile(SameMedia::isField)
                .toList();
    }

    private static boolean isField(String line) {
        return line.length() >= 2 && line.charAt(1) == '=';
    }

    private static List<String> media(List<String> description) {
        return description.stream()
                .filter(line -> LINES_OF_MEDIA.indexOf(line.charAt(0)) >= 0)
                .toList();
    }
}
