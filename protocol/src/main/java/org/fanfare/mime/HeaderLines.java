package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;

/// Walks over the lines of a header block up to the empty line that ends it. Lines end in CR LF; a
/// block whose first line ends in a bare LF is read by bare LF throughout ([Leniency#BARE_LF]), and
/// nothing mixed is ever taken, so that a block has one reading.
public final class HeaderLines {

    private final Octets octets;
    private final int blockStart;
    private final String what;
    private final String section;
    private final int maxOctets;
    private final boolean bareLf;
    private int next;
    private int start;
    private int end;
    private boolean blankLineSeen;

    /// `what` names the block in complaints, `section` is what it breaks when it breaks.
    public HeaderLines(Octets octets, int from, String what, String section, int maxOctets) {
        this.octets = octets;
        this.blockStart = from;
        this.what = what;
        this.section = section;
        this.maxOctets = maxOctets;
        this.next = from;
        int lf = octets.indexOf((byte) '\n', from);
        this.bareLf = lf >= 0 && (lf == from || octets.at(lf - 1) != '\r');
        if (bareLf) {
            Leniency.BARE_LF.taken();
        }
    }

    /// Goes to the next line; false at the empty line and at the end of the octets.
    public boolean advance() {
        if (next >= octets.length() || blankLineSeen) {
            return false;
        }
        start = next;
        int lf = octets.indexOf((byte) '\n', start);
        if (lf < 0) {
            end = octets.length();
            next = end;
        } else {
            end = bareLf ? lf : lf - 1;
            next = lf + 1;
            if (end < start || (!bareLf && octets.at(end) != '\r')) {
                throw malformed("expected CR LF, found a bare LF", lf);
            }
        }
        if (next - blockStart > maxOctets) {
            throw malformed("more than " + maxOctets + " octets", blockStart + maxOctets);
        }
        blankLineSeen = start == end && lf >= 0;
        return !blankLineSeen;
    }

    /// Where the current line starts.
    public int start() {
        return start;
    }

    /// Where the current line ends, without its line end.
    public int end() {
        return end;
    }

    /// The first octet after the block and its empty line, once [#advance] has said false.
    public int after() {
        return next;
    }

    /// Whether the empty line was there.
    public boolean blankLineSeen() {
        return blankLineSeen;
    }

    /// The current line starts with a blank: it continues the one before it (RFC 822 3.1.1).
    public boolean isContinuation() {
        return start < end && isBlank(octets.at(start));
    }

    /// The colon of the current line, or -1.
    public int colon() {
        for (int i = start; i < end; i++) {
            if (octets.at(i) == ':') {
                return i;
            }
        }
        return -1;
    }

    /// The octets from `from` to `to` as text without the blanks around it; no control character
    /// gets past here but, where `tab` says so, the tab.
    public String text(int from, int to, boolean tab) {
        int first = from;
        int last = to;
        while (first < last && isBlank(octets.at(first))) {
            first++;
        }
        while (last > first && isBlank(octets.at(last - 1))) {
            last--;
        }
        boolean ascii = true;
        for (int i = first; i < last; i++) {
            byte b = octets.at(i);
            if ((b >= 0 && b < ' ' && !(tab && b == '\t')) || b == 0x7f) {
                throw malformed("expected no control character, found " + Printable.octet(b), i);
            }
            ascii &= b >= 0;
        }
        var slice = octets.slice(first, last);
        return ascii ? slice.ascii() : Utf8.decode(slice, first, what, section);
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    public MalformedMessage malformed(String expected, int offset) {
        return new MalformedMessage(what + ": " + expected, offset, section);
    }
}
