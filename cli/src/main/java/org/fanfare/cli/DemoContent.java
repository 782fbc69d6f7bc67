package org.fanfare.cli;

import org.fanfare.client.LargeScript;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.Payload;
import org.fanfare.client.PhoneScript;
import org.fanfare.client.PhoneScript.WeightedAnswer;
import org.fanfare.mime.MediaType;
import org.fanfare.wire.Octets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;

/// What a demo sends, to whom, and what becomes of it.
///
/// @param udpPhones phones whose core is reached over UDP, each with a socket of its own
/// @param tcpPhones the same over TCP
/// @param switchedOff phones that have registered and gone
/// @param udp behaviour of the phones over UDP, by their numbers
/// @param tcp behaviour of the phones over TCP
/// @param failing how many of those that are there do not take it
record DemoContent(
        OutgoingMessage.Builder message,
        int udpPhones,
        int tcpPhones,
        int switchedOff,
        IntFunction<PhoneScript> udp,
        IntFunction<PhoneScript> tcp,
        int failing) {

    private static final int BUSY = 20;
    private static final int OTHER = 40;

    /// Octets that the slow phone reads in a second.
    private static final int SLOW = 384 * 1024;

    private static final LargeScript CUT_ONCE =
            LargeScript.FRIENDLY.withMishap("cut@500000").withTimes(1);

    int phones() {
        return udpPhones + tcpPhones + switchedOff;
    }

    /// In each fleet the twentieth phone is busy, and the fortieth does not know CPM.
    static DemoContent text(String text) {
        IntFunction<PhoneScript> script =
                number ->
                        switch (number) {
                            case BUSY -> answering(486);
                            case OTHER -> answering(415);
                            default -> PhoneScript.FRIENDLY;
                        };
        return new DemoContent(OutgoingMessage.text(text), 50, 47, 3, script, script, 4);
    }

    /// Over UDP one phone is busy and one slow; over TCP one is busy and one loses its connection
    /// in the middle, and gets the picture when it is sent again.
    static DemoContent picture() {
        IntFunction<PhoneScript> udp =
                number ->
                        switch (number) {
                            case BUSY -> answering(486);
                            case OTHER -> with(LargeScript.FRIENDLY.withOctetsPerSecond(SLOW));
                            default -> PhoneScript.FRIENDLY;
                        };
        IntFunction<PhoneScript> tcp =
                number ->
                        switch (number) {
                            case BUSY -> answering(486);
                            case OTHER -> with(CUT_ONCE);
                            default -> PhoneScript.FRIENDLY;
                        };
        var bitmap = OutgoingMessage.of(Payload.of(MediaType.of("image", "bmp"), bitmap(680, 514)));
        return new DemoContent(bitmap, 50, 50, 0, udp, tcp, 2);
    }

    private static PhoneScript answering(int status) {
        return PhoneScript.FRIENDLY.withAnswers(List.of(new WeightedAnswer(status, 1)));
    }

    private static PhoneScript with(LargeScript large) {
        return PhoneScript.FRIENDLY.withLarge(large);
    }

    /// A picture of three octets a pixel, whose width is a multiple of four.
    static Octets bitmap(int width, int height) {
        int head = 54;
        var file = ByteBuffer.allocate(head + 3 * width * height).order(ByteOrder.LITTLE_ENDIAN);
        file.put((byte) 'B').put((byte) 'M').putInt(file.capacity()).putInt(0).putInt(head);
        file.putInt(40).putInt(width).putInt(height).putShort((short) 1).putShort((short) 24);
        file.putInt(0).putInt(3 * width * height).putInt(2835).putInt(2835).putInt(0).putInt(0);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                file.put((byte) (255 * y / height)).put((byte) (x ^ y)).put((byte) x);
            }
        }
        return Octets.of(file.array());
    }
}
