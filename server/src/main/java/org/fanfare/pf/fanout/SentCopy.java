package org.fanfare.pf.fanout;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.msrp.ContentSource;
import org.fanfare.spool.SpoolReader;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The content of a large message for another device of its sender: the CPIM entity as it came,
/// with `Message-Direction: sent` behind its other headers (8.2.1.1/dd.3.ii, 8.2.1.2/dd.E.c); all
/// else is as it was (8.2.1.2/dd.E.d, 8.2.1.2/dd.E.d.payload). The first read waits until the
/// headers are there.
public final class SentCopy implements ContentSource {

    private static final String DECLARATION = "NS: cpm <" + CpimHeader.CPM_NAMESPACE + ">\r\n";
    private static final Pattern DECLARED =
            Pattern.compile(
                    "(?m)^NS: *([^ <]+) *<" + Pattern.quote(CpimHeader.CPM_NAMESPACE) + ">");
    private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STEP = 4096;

    private final SpoolReader content;
    private final Limits limits;
    private ByteBuffer head = ByteBuffer.allocate(0);
    private int added = -1;

    public SentCopy(SpoolReader content, Limits limits) {
        this.content = content;
        this.limits = limits;
    }

    /// How many octets it has more than the content that came; by these its announced size must be
    /// corrected (reading 55).
    ///
    /// @throws MalformedMessage when the content does not begin as a CPIM message
    /// @throws IOException when there will be no more of it
    public int added() throws IOException {
        if (added < 0) {
            readHead();
        }
        return added;
    }

    /// The same of an entity that is here as a whole.
    ///
    /// @throws MalformedMessage when it does not begin as a CPIM message
    public static Octets of(Octets cpim, Limits limits) {
        int end = cpim.indexOf(END_OF_HEADERS, 0);
        if (end < 0 || end > limits.cpimHeadOctets()) {
            throw noEnd(cpim.length());
        }
        var header = header(cpim.slice(0, end + 2).utf8());
        var marked = ByteBuffer.allocate(cpim.length() + header.length);
        marked.put(cpim.slice(0, end + 2).asByteBuffer()).put(header);
        marked.put(cpim.from(end + 2).asByteBuffer());
        return Octets.of(marked.array());
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (added() >= 0 && head.hasRemaining()) {
            int count = Math.min(head.remaining(), target.remaining());
            target.put(target.position(), head, head.position(), count);
            target.position(target.position() + count);
            head.position(head.position() + count);
            return count;
        }
        return content.read(target);
    }

    @Override
    public void cancel() {
        content.cancel();
    }

    private void readHead() throws IOException {
        var octets = ByteBuffer.allocate(STEP);
        int end = -1;
        while (end < 0) {
            if (!octets.hasRemaining()) {
                octets = larger(octets);
            }
            int count = content.read(octets);
            end = Octets.of(octets.array(), 0, octets.position()).indexOf(END_OF_HEADERS, 0);
            if (end < 0 && (count < 0 || octets.position() > limits.cpimHeadOctets())) {
                throw noEnd(octets.position());
            }
        }
        var header = header(new String(octets.array(), 0, end + 2, StandardCharsets.UTF_8));
        added = header.length;
        int at = end + 2; // behind the line end of the last header
        head = ByteBuffer.allocate(octets.position() + header.length);
        head.put(octets.array(), 0, at).put(header);
        head.put(octets.array(), at, octets.position() - at).flip();
    }

    private static MalformedMessage noEnd(int offset) {
        return new MalformedMessage("CPIM: no end of the headers", offset, "RFC 3862 2");
    }

    private static ByteBuffer larger(ByteBuffer full) {
        return ByteBuffer.allocate(2 * full.capacity()).put(full.flip());
    }

    /// With the prefix that the message has for the namespace of CPM, or one that is declared here.
    private static byte[] header(String headers) {
        var declared = DECLARED.matcher(headers);
        var text =
                declared.find()
                        ? declared.group(1) + ".Message-Direction: sent\r\n"
                        : DECLARATION + "cpm.Message-Direction: sent\r\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
