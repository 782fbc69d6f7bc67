package org.fanfare.sip;

/// Whether octets are UTF-8 (RFC 3629).
final class Utf8 {

    private Utf8() {}

    /// The index of the first octet that does not belong, or -1.
    static int firstFault(byte[] array, int from, int to) {
        int at = from;
        while (at < to) {
            int length = array[at] >= 0 ? 1 : sequence(array, at, to);
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return -1;
    }

    /// The length of the sequence that begins here, or 0 when it is not a legal one.
    private static int sequence(byte[] array, int at, int to) {
        int lead = array[at] & 0xff;
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || at + length > to) {
            return 0;
        }
        for (int i = 1; i < length; i++) {
            if ((array[at + i] & 0xc0) != 0x80) {
                return 0;
            }
        }
        int second = array[at + 1] & 0xff;
        boolean tooLong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
        boolean surrogate = lead == 0xed && second > 0x9f;
        boolean tooLarge = lead == 0xf4 && second > 0x8f;
        return tooLong || surrogate || tooLarge ? 0 : length;
    }
}
