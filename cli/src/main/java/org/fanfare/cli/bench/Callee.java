package org.fanfare.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Takes every INVITE at once, all recipients of a load test in one object. It knows no more SIP
/// than that needs. A recipient whose user part begins with [#SLOW] is sent to the port of those
/// who read slowly. For one thread.
final class Callee implements StreamAnswerer {

    static final String SLOW = "slow";

    private static final String CALL_COMPLETED = "cause=200";

    private final Legs legs;
    private final int media;
    private final int slowMedia;

    /// @param media port of the MSRP receivers
    /// @param slowMedia port of those that read slowly
    Callee(Legs legs, int media, int slowMedia) {
        this.legs = legs;
        this.media = media;
        this.slowMedia = slowMedia;
    }

    @Override
    public boolean answer(byte[] octets, int from, int to, ByteBuffer answer) {
        var request = new String(octets, from, to - from, StandardCharsets.ISO_8859_1);
        if (request.startsWith("ACK ")) {
            return false;
        }
        var response = new StringBuilder("SIP/2.0 200 OK\r\n");
        copyFields(request, response);
        if (request.startsWith("INVITE ")) {
            accept(request, response);
        } else {
            if (request.startsWith("BYE ")) {
                legs.ended(field(request, "Reason").contains(CALL_COMPLETED));
            }
            response.append("Content-Length: 0\r\n\r\n");
        }
        answer.put(response.toString().getBytes(StandardCharsets.ISO_8859_1));
        return true;
    }

    private void accept(String request, StringBuilder response) {
        boolean slow = request.startsWith("INVITE sip:" + SLOW);
        int number = legs.begin(slow);
        int port = slow ? slowMedia : media;
        var description =
                """
                v=0
                o=- %1$d 1 IN IP4 127.0.0.1
                s=-
                c=IN IP4 127.0.0.1
                t=0 0
                m=message %2$d TCP/MSRP *
                a=recvonly
                a=accept-types:message/cpim
                a=accept-wrapped-types:*
                a=setup:passive
                a=path:msrp://127.0.0.1:%2$d/r%1$d;tcp
                """
                        .formatted(number, port)
                        .replace("\n", "\r\n");
        response.append("Contact: <sip:r@127.0.0.1;transport=tcp>\r\n")
                .append("Content-Type: application/sdp\r\nContent-Length: ")
                .append(description.length())
                .append("\r\n\r\n")
                .append(description);
    }

    private static void copyFields(String request, StringBuilder response) {
        for (var line : request.split("\r\n", -1)) {
            if (line.isEmpty()) {
                return;
            }
            if (line.startsWith("Via:")
                    || line.startsWith("From:")
                    || line.startsWith("Call-ID:")
                    || line.startsWith("CSeq:")) {
                response.append(line).append("\r\n");
            } else if (line.startsWith("To:")) {
                var tag = line.contains(";tag=") ? "" : ";tag=r";
                response.append(line).append(tag).append("\r\n");
            }
        }
    }

    private static String field(String request, String name) {
        int at = request.indexOf("\r\n" + name + ":");
        return at < 0 ? "" : request.substring(at, request.indexOf("\r\n", at + 2));
    }
}
