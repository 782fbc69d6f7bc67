package org.fanfare.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// An immutable run of octets. A slice shares the array of its origin; equality is that of the
/// content.
public final class Octets {

    public static final Octets EMPTY = new Octets(new byte[0], 0, 0);

    private final byte[] array;
    private final int start;
    private final int length;

    private Octets(byte[] array, int start, int length) {
        this.array = array;
        this.start = start;
        this.length = length;
    }

    /// Takes ownership: the array must not be changed afterwards.
    public static Octets of(byte[] array) {
        return new Octets(array, 0, array.length);
    }

    /// Takes ownership, as [#of(byte\[\])] does.
    public static Octets of(byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        return length == 0 ? EMPTY : new Octets(array, offset, length);
    }

    /// A copy of what remains in the buffer, which is thereby consumed.
    public static Octets copyOf(ByteBuffer buffer) {
        var copy = new byte[buffer.remaining()];
        buffer.get(copy);
        return of(copy);
    }

    public static Octets utf8(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return length;
    }

    public boolean isEmpty() {
        return length == 0;
    }

    public byte at(int index) {
        return array[start + Objects.checkIndex(index, length)];
    }

    public Octets slice(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return of(array, start + from, to - from);
    }

    public Octets from(int index) {
        return slice(index, length);
    }

    /// A copy.
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, start, start + length);
    }

    /// A read-only view.
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, start, length).slice().asReadOnlyBuffer();
    }

    /// The text, with U+FFFD for what is not UTF-8.
    public String utf8() {
        return new String(array, start, length, StandardCharsets.UTF_8);
    }

    /// One character for each octet; those above 127 become U+FFFD.
    public String ascii() {
        return new String(array, start, length, StandardCharsets.US_ASCII);
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(array, start, length);
    }

    public void writeTo(ByteBuffer out) {
        out.put(array, start, length);
    }

    /// Copies everything to `target`, from `offset` on.
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(array, start, target, offset, length);
    }

    /// The first place of the octet at or after `from`, or -1.
    public int indexOf(byte octet, int from) {
        for (int i = Math.max(from, 0); i < length; i++) {
            if (array[start + i] == octet) {
                return i;
            }
        }
        return -1;
    }

    /// The first place of the pattern at or after `from`, or -1.
    public int indexOf(byte[] pattern, int from) {
        for (int i = Math.max(from, 0); i <= length - pattern.length; i++) {
            if (matchesAt(i, pattern)) {
                return i;
            }
        }
        return -1;
    }

    public boolean startsWith(byte[] pattern) {
        return length >= pattern.length && matchesAt(0, pattern);
    }

    private boolean matchesAt(int index, byte[] pattern) {
        int at = start + index;
        return Arrays.equals(array, at, at + pattern.length, pattern, 0, pattern.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that
                && Arrays.equals(
                        array,
                        start,
                        start + length,
                        that.array,
                        that.start,
                        that.start + that.length);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /// For people: the text cut short, control octets escaped.
    @Override
    public String toString() {
        return Printable.cut(utf8(), 256);
    }
}
