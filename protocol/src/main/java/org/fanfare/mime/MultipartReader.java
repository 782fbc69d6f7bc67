package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Cuts a multipart body into its parts in one pass over its lines (RFC 2046 5.1.1).
///
/// What is in front of the first delimiter and behind the closing one is not looked at. The line
/// end in front of a delimiter belongs to the delimiter. A body whose first delimiter ends in a
/// bare LF is read by bare LF throughout; one whose closing delimiter is missing ends where it
/// ends.
final class MultipartReader {

    private static final String SECTION = Multipart.SECTION;

    private final Octets body;
    private final byte[] delimiter;
    private final Limits limits;
    private final List<MimeEntity> parts = new ArrayList<>();
    private boolean bareLf;
    private int partStart = -1;
    private boolean closed;

    MultipartReader(Octets body, String boundary, Limits limits) {
        this.body = body;
        this.delimiter = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
        this.limits = limits;
    }

    List<MimeEntity> parts() {
        int line = 0;
        while (line < body.length() && !closed) {
            int lf = body.indexOf((byte) '\n', line);
            int lineEnd = lf < 0 ? body.length() : lf + 1;
            if (startsDelimiter(line)) {
                takeDelimiter(line, lineEnd);
            }
            line = lineEnd;
        }
        if (partStart < 0 && !closed) {
            throw new MalformedMessage(
                    "multipart: expected a delimiter line with the boundary, found none",
                    0,
                    SECTION);
        }
        if (!closed) {
            endWithoutClosingDelimiter();
        }
        return parts;
    }

    private boolean startsDelimiter(int line) {
        if (body.length() - line < delimiter.length || !followsLineEnd(line)) {
            return false;
        }
        for (int i = 0; i < delimiter.length; i++) {
            if (body.at(line + i) != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    /// Between parts only the line end counts that the body uses; nothing is mixed.
    private boolean followsLineEnd(int line) {
        return line == 0 || bareLf || (line >= 2 && body.at(line - 2) == '\r') || partStart < 0;
    }

    /// A delimiter line is the boundary, perhaps two dashes, blanks, and nothing else: another
    /// boundary that this one is a prefix of is not taken for it (B1).
    private void takeDelimiter(int line, int lineEnd) {
        int i = line + delimiter.length;
        boolean closing = i + 1 < lineEnd && body.at(i) == '-' && body.at(i + 1) == '-';
        i += closing ? 2 : 0;
        while (i < lineEnd && (body.at(i) == ' ' || body.at(i) == '\t')) {
            i++;
        }
        if (!isLineEnd(i, lineEnd)) {
            return;
        }
        if (partStart >= 0) {
            addPart(Math.max(partStart, line - (bareLf ? 1 : 2)));
        }
        partStart = lineEnd;
        closed = closing;
    }

    /// CR LF, or a bare LF where the first delimiter has one, or the end of the body.
    private boolean isLineEnd(int from, int lineEnd) {
        if (from == body.length()) {
            return true;
        }
        boolean crLf = body.at(from) == '\r' && from + 2 == lineEnd && body.at(from + 1) == '\n';
        boolean lf = body.at(from) == '\n';
        if (lf && partStart < 0) {
            bareLf = true;
            Leniency.BARE_LF.taken();
        }
        return crLf || (lf && bareLf);
    }

    private void endWithoutClosingDelimiter() {
        Leniency.MULTIPART_NOT_CLOSED.taken();
        if (partStart < body.length()) {
            addPart(body.length());
        }
    }

    private void addPart(int end) {
        if (parts.size() == limits.multipartParts()) {
            throw new MalformedMessage(
                    "multipart: more than " + limits.multipartParts() + " parts",
                    partStart,
                    SECTION);
        }
        parts.add(parsePart(end));
    }

    private MimeEntity parsePart(int end) {
        try {
            return MimeEntity.parse(body.slice(partStart, end), limits);
        } catch (MalformedMessage e) {
            throw new MalformedMessage(
                    e.reason(), partStart + e.offset(), e.section(), e.sipStatus());
        }
    }
}
