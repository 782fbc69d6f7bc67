package org.fanfare.msrp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The header fields of one message, in order. Those of MSRP are read when asked for, and then
/// throw [MalformedMessage] if they are malformed; the others stand for themselves.
public final class MsrpFields {

    private static final String SECTION = "RFC 4975 9";
    private static final int LONGEST_IDENT = 32;
    private static final int SHORTEST_IDENT = 4;

    private final List<Field> list;
    private @Nullable List<MsrpUri> toPath;
    private @Nullable List<MsrpUri> fromPath;

    /// One of them.
    ///
    /// @param value without the blank before it, folds undone
    public record Field(String name, String value) {

        boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    private MsrpFields(List<Field> list) {
        this.list = list;
    }

    public static MsrpFields of(List<Field> list) {
        return new MsrpFields(List.copyOf(list));
    }

    /// The lines from `from` to `to`, which all end in CR LF.
    ///
    /// @throws MalformedMessage when a line is no header field
    static MsrpFields parse(byte[] head, int from, int to) {
        var fields = new ArrayList<Field>(8);
        int at = from;
        while (at < to) {
            int end = endOfLine(head, at, to);
            int next = end + 2;
            boolean folded = false;
            while (next < to && (head[next] == ' ' || head[next] == '\t')) {
                end = endOfLine(head, next, to);
                next = end + 2;
                folded = true;
            }
            fields.add(field(head, at, end, folded));
            at = next;
        }
        return new MsrpFields(List.copyOf(fields));
    }

    private static int endOfLine(byte[] head, int from, int to) {
        int at = from;
        while (at < to && head[at] != '\r') {
            at++;
        }
        return at;
    }

    private static Field field(byte[] head, int from, int end, boolean folded) {
        var cursor = Cursor.over(head, from, end, 0, "", SECTION);
        var name = cursor.expectToken("a header field name");
        cursor.expect(':', "after the header field name");
        while (cursor.accept(' ') || cursor.accept('\t')) {
            // One blank by the grammar; more do no harm.
        }
        if (folded) {
            Leniency.MSRP_FOLDED_FIELD.taken();
        }
        int value = cursor.position();
        while (!cursor.atEnd()) {
            if (Cursor.isControl((byte) cursor.peek()) && !folded) {
                throw cursor.expected("no control octet in a header field");
            }
            cursor.advance();
        }
        var text = new String(head, value, end - value, StandardCharsets.UTF_8);
        return new Field(name, folded ? Cursor.unfold(text) : text);
    }

    /// All, in order.
    public List<Field> list() {
        return list;
    }

    /// The first of the name, whatever its case.
    public Optional<String> first(String name) {
        for (var field : list) {
            if (field.is(name)) {
                return Optional.of(field.value());
            }
        }
        return Optional.empty();
    }

    /// Whom it is for; the first is the next hop. One URI when no relay is in between.
    public List<MsrpUri> toPath() {
        var known = toPath;
        if (known == null) {
            known = path("To-Path");
            toPath = known;
        }
        return known;
    }

    /// Whom it comes from; the first is the previous hop.
    public List<MsrpUri> fromPath() {
        var known = fromPath;
        if (known == null) {
            known = path("From-Path");
            fromPath = known;
        }
        return known;
    }

    private List<MsrpUri> path(String name) {
        return MsrpUri.parsePath(
                first(name)
                        .orElseThrow(() ->
                                new MalformedMessage(
                                        "expected " + name + ", found none", 0, "RFC 4975 7.1")));
    }

    public Optional<String> messageId() {
        var id = first("Message-ID");
        id.ifPresent(text -> checkIdent(text, "Message-ID"));
        return id;
    }

    /// `1-*/*` without the field.
    public ByteRange byteRange() {
        return first("Byte-Range").map(ByteRange::parse).orElse(ByteRange.UNSAID);
    }

    public FailureReport failureReport() {
        var text = first("Failure-Report").orElse("yes");
        for (var value : FailureReport.values()) {
            if (value.toString().equalsIgnoreCase(text)) {
                return value;
            }
        }
        throw new MalformedMessage(
                "Failure-Report: expected yes, no or partial", 0, "RFC 4975 7.1.2");
    }

    /// Whether the sender wants a REPORT when all is there.
    public boolean successReport() {
        var text = first("Success-Report").orElse("no");
        if (text.equalsIgnoreCase("yes")) {
            return true;
        }
        if (text.equalsIgnoreCase("no")) {
            return false;
        }
        throw new MalformedMessage("Success-Report: expected yes or no", 0, "RFC 4975 7.1.2");
    }

    public Optional<String> contentType() {
        return first("Content-Type");
    }

    /// The status of a REPORT: three digits behind the namespace `000`.
    ///
    /// @throws MalformedMessage when it is missing, or of another namespace
    public int reportStatus() {
        var cursor = Cursor.over(first("Status").orElse(""), "Status", "RFC 4975 7.1.2");
        if (!cursor.acceptIgnoringCase("000")) {
            throw cursor.expected("the namespace 000");
        }
        cursor.expect(' ', "after the namespace");
        return expectStatus(cursor);
    }

    static int expectStatus(Cursor cursor) {
        int from = cursor.position();
        int status = (int) cursor.expectNumber("a status of three digits", 999);
        if (cursor.position() - from != 3 || !(cursor.atEnd() || cursor.peek() == ' ')) {
            throw cursor.fault(from, "expected a status of three digits");
        }
        return status;
    }

    static boolean isIdent(String text) {
        int length = text.length();
        if (length < SHORTEST_IDENT || length > LONGEST_IDENT) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            boolean letter = c < 128 && Cursor.isAlphanumeric((byte) c);
            if (!letter && (i == 0 || ".-+%=".indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }

    private static void checkIdent(String text, String what) {
        // Longer ones are seen in the field; a blank would end them on the wire.
        if (isIdent(text)) {
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
                throw new MalformedMessage(what + ": expected visible ASCII", i, SECTION);
            }
        }
        if (text.isEmpty()) {
            throw new MalformedMessage(what + ": expected an identifier, found none", 0, SECTION);
        }
        Leniency.MSRP_IDENT.taken();
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
