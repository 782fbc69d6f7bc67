package org.fanfare.wire;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Reads one value, octet by octet, by the lexical rules that SIP, CPIM and MIME share (RFC 3261
/// 25.1). `acceptX` takes X if it is next; `expectX` insists and throws with the offset.
public final class Cursor {

    private static final byte[] CLASS = new byte[128];
    private static final int TOKEN = 1;
    private static final int DIGIT = 2;
    private static final int ALPHA = 4;
    private static final int HEX = 8;

    static {
        mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", TOKEN | ALPHA);
        mark("0123456789", TOKEN | DIGIT | HEX);
        mark("abcdefABCDEF", HEX);
        mark("-.!%*_+`'~", TOKEN);
    }

    private final byte[] array;
    private final int end;
    private final int origin;
    private final String field;
    private final String section;
    private int at;

    private Cursor(byte[] array, int from, int end, int origin, String field, String section) {
        this.array = array;
        this.at = from;
        this.end = end;
        this.origin = origin;
        this.field = field;
        this.section = section;
    }

    /// Over `array[from, end)`; offsets in errors count from `array[origin]`. `field` and `section`
    /// say in errors what was read, and which section has its grammar.
    public static Cursor over(
            byte[] array, int from, int end, int origin, String field, String section) {
        Objects.checkFromToIndex(from, end, array.length);
        return new Cursor(array, from, end, origin, field, section);
    }

    public static Cursor over(String text, String field, String section) {
        var octets = text.getBytes(StandardCharsets.UTF_8);
        return new Cursor(octets, 0, octets.length, 0, field, section);
    }

    private static void mark(String characters, int bits) {
        for (int i = 0; i < characters.length(); i++) {
            CLASS[characters.charAt(i)] |= (byte) bits;
        }
    }

    private static boolean is(int octet, int bits) {
        return octet >= 0 && (CLASS[octet] & bits) != 0;
    }

    public static boolean isTokenOctet(byte octet) {
        return is(octet, TOKEN);
    }

    public static boolean isDigit(byte octet) {
        return is(octet, DIGIT);
    }

    public static boolean isAlpha(byte octet) {
        return is(octet, ALPHA);
    }

    public static boolean isAlphanumeric(byte octet) {
        return is(octet, ALPHA | DIGIT);
    }

    public static boolean isHexDigit(byte octet) {
        return is(octet, HEX);
    }

    /// Whether the text is a token (RFC 3261 25.1).
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || (CLASS[c] & TOKEN) == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// The index of the next octet, within the array.
    public int position() {
        return at;
    }

    public void moveTo(int position) {
        at = Objects.checkIndex(position, end + 1);
    }

    public int end() {
        return end;
    }

    public String field() {
        return field;
    }

    public String section() {
        return section;
    }

    /// The same octets up to `newEnd`, from where this cursor stands.
    public Cursor until(int newEnd) {
        return new Cursor(array, at, Math.min(newEnd, end), origin, field, section);
    }

    public boolean atEnd() {
        return at >= end;
    }

    /// The next octet, or -1 at the end. Octets above 127 come as 128 to 255.
    public int peek() {
        return at < end ? array[at] & 0xff : -1;
    }

    /// The octet at an index of the array, or -1 when it lies outside.
    public int octetAt(int position) {
        return position >= 0 && position < end ? array[position] & 0xff : -1;
    }

    public void advance() {
        at++;
    }

    public boolean accept(char octet) {
        if (peek() == octet) {
            at++;
            return true;
        }
        return false;
    }

    public void expect(char octet, String where) {
        if (!accept(octet)) {
            throw expected("\"" + octet + "\" " + where);
        }
    }

    /// Takes the word if it is next, whatever its case.
    public boolean acceptIgnoringCase(String word) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (lower(array[at + i]) != lower((byte) word.charAt(i))) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    public static byte lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? (byte) (octet + 32) : octet;
    }

    /// LWS or nothing: blanks, tabs, and line ends that are followed by one of them.
    public void skipBlanks() {
        while (at < end) {
            byte octet = array[at];
            if (octet == ' ' || octet == '\t') {
                at++;
            } else if (octet == '\r' && isFold(at)) {
                at += 3;
            } else {
                return;
            }
        }
    }

    private boolean isFold(int position) {
        return position + 2 < end
                && array[position + 1] == '\n'
                && (array[position + 2] == ' ' || array[position + 2] == '\t');
    }

    /// The separator with blanks around it, as SEMI, COMMA, EQUAL and SLASH are written.
    public boolean acceptSeparator(char separator) {
        int before = at;
        skipBlanks();
        if (accept(separator)) {
            skipBlanks();
            return true;
        }
        at = before;
        return false;
    }

    /// Goes on to the end, or to a control octet other than those of blanks and folds.
    public void skipText() {
        while (at < end && (!isControl(array[at]) || (array[at] == '\r' && isFold(at)))) {
            at += array[at] == '\r' ? 2 : 1;
        }
    }

    public static boolean isControl(byte octet) {
        return (octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f;
    }

    public String expectToken(String what) {
        int from = at;
        skipToken();
        if (at == from) {
            throw expected(what);
        }
        return textFrom(from);
    }

    public void skipToken() {
        while (at < end && is(array[at], TOKEN)) {
            at++;
        }
    }

    /// A decimal number from 0 to `max`; leading zeros are fine.
    public long expectNumber(String what, long max) {
        int from = at;
        long value = 0;
        while (at < end && is(array[at], DIGIT)) {
            value = value * 10 + (array[at] - '0');
            if (value > max) {
                throw fault(from, "expected " + what + " up to " + max + ", found a larger number");
            }
            at++;
        }
        if (at == from) {
            throw expected(what);
        }
        return value;
    }

    /// Goes past a quoted string. Within it only a quoted pair may hold a control octet, and no CR
    /// or LF at all but those of a fold.
    public void skipQuotedString() {
        int from = at;
        expect('"', "to open a quoted string");
        while (at < end) {
            byte octet = array[at];
            if (octet == '"') {
                at++;
                return;
            } else if (octet == '\\') {
                skipQuotedPair();
            } else if (octet == '\r' && isFold(at)) {
                at += 3;
            } else if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f) {
                throw expected("no control octet in a quoted string");
            } else {
                at++;
            }
        }
        throw fault(from, "expected a quote that ends the quoted string, found end of value");
    }

    private void skipQuotedPair() {
        int octet = octetAt(at + 1);
        if (octet < 0 || octet > 127 || octet == '\r' || octet == '\n') {
            at++;
            throw expected("an ASCII octet other than CR and LF after a backslash");
        }
        at += 2;
    }

    /// A quoted string, without its quotes and backslashes.
    public String expectQuotedString() {
        int from = at;
        skipQuotedString();
        return unquote(from + 1, at - 1);
    }

    private String unquote(int from, int to) {
        var plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            if (array[i] == '\\') {
                plain[length++] = array[++i];
            } else if (array[i] == '\r') {
                plain[length++] = ' ';
                i = lastBlank(i + 2, to);
            } else {
                plain[length++] = array[i];
            }
        }
        return new String(plain, 0, length, StandardCharsets.UTF_8);
    }

    private int lastBlank(int from, int to) {
        int at = from;
        while (at + 1 < to && (array[at + 1] == ' ' || array[at + 1] == '\t')) {
            at++;
        }
        return at;
    }

    /// From `from` to where the cursor stands.
    public String textFrom(int from) {
        return text(from, at);
    }

    public String text(int from, int to) {
        return new String(array, from, to - from, StandardCharsets.UTF_8);
    }

    /// From `from` to where the cursor stands, with one blank for each fold, and none at the end.
    public String unfolded(int from) {
        return unfold(textFrom(from).stripTrailing());
    }

    /// One blank for each fold and the blanks around it (RFC 3261 7.3.1).
    public static String unfold(String text) {
        if (text.indexOf('\r') < 0) {
            return text;
        }
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\r\n", i)) {
                i = skipFold(text, i, out);
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    /// The index of the last blank of the fold that begins at `from`.
    private static int skipFold(String text, int from, StringBuilder out) {
        while (!out.isEmpty() && isBlank(out.charAt(out.length() - 1))) {
            out.setLength(out.length() - 1);
        }
        out.append(' ');
        int at = from + 1;
        while (at + 1 < text.length() && isBlank(text.charAt(at + 1))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    public Octets octets(int from, int to) {
        return Octets.of(array, from, to - from);
    }

    public void expectEnd() {
        skipBlanks();
        if (at < end) {
            throw expected("end of value");
        }
    }

    /// `Via: expected sent-by, found end of value`, with the offset of the next octet.
    public MalformedMessage expected(String what) {
        var found = at < end ? Printable.octet(array[at]) : "end of value";
        return fault(at, "expected " + what + ", found " + found);
    }

    /// Any fault at an index of the array.
    public MalformedMessage fault(int position, String what) {
        var text = field.isEmpty() ? what : field + ": " + what;
        return new MalformedMessage(text, position - origin, section);
    }
}
