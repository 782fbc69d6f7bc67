package org.fanfare.cli.conformance;

import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// An MSRP request or response (RFC 4975 9).
///
/// @param start its first line
/// @param content of a request that has some
/// @param flag of the end line: `$`, `+` or `#`
record Frame(
        String start, String transaction, Map<String, String> fields, Octets content, char flag) {

    boolean isSend() {
        return start.endsWith(" SEND");
    }

    /// Of a response; 0 of a request.
    int status() {
        var word = start.split(" ", 4)[2];
        return word.matches("\\d{3}") ? Integer.parseInt(word) : 0;
    }

    Optional<String> field(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /// The octets of a SEND.
    ///
    /// @param range of Byte-Range
    static byte[] send(
            String transaction,
            String to,
            String from,
            String message,
            String range,
            Octets all,
            int at,
            int end,
            char flag) {
        var head =
                "MSRP "
                        + transaction
                        + " SEND\r\nTo-Path: "
                        + to
                        + "\r\nFrom-Path: "
                        + from
                        + "\r\nMessage-ID: "
                        + message
                        + "\r\nByte-Range: "
                        + range
                        + "\r\n"
                        + (at == end ? "" : "Content-Type: message/cpim\r\n\r\n");
        var tail = (at == end ? "" : "\r\n") + "-------" + transaction + flag + "\r\n";
        var octets = new java.io.ByteArrayOutputStream();
        octets.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        octets.writeBytes(all.slice(at, end).toByteArray());
        octets.writeBytes(tail.getBytes(StandardCharsets.US_ASCII));
        return octets.toByteArray();
    }

    /// The octets of the response to this request.
    byte[] answer(int status) {
        return ("MSRP "
                        + transaction
                        + " "
                        + status
                        + " "
                        + (status == 200 ? "OK" : "No")
                        + "\r\nTo-Path: "
                        + field("From-Path").orElse("")
                        + "\r\nFrom-Path: "
                        + field("To-Path").orElse("")
                        + "\r\n-------"
                        + transaction
                        + "$\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
