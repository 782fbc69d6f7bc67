package org.fanfare.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The recipients of a range as octets: UTF-8, a line feed between two of them.
///
/// A line feed cannot be part of a Request-URI (RFC 3261 25.1); one that is given anyway is refused
/// rather than turned into two recipients.
final class RecipientText {

    private RecipientText() {}

    static byte[] encode(List<String> recipients) {
        for (var recipient : recipients) {
            if (recipient.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("recipient: contains a line feed");
            }
        }
        return String.join("\n", recipients).getBytes(StandardCharsets.UTF_8);
    }

    static List<String> decode(byte[] octets) {
        return Arrays.asList(new String(octets, StandardCharsets.UTF_8).split("\n", -1));
    }
}
