package org.fanfare.sdp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;

/// Where media go: a c= line (RFC 8866 5.7).
///
/// @param type `IP4` or `IP6`
/// @param address without brackets; a name, or an IP address
record Connection(String type, String address) {

    private static final String SECTION = "RFC 8866 5.7";

    static Connection of(String address) {
        return new Connection(address.contains(":") ? "IP6" : "IP4", address);
    }

    static Connection read(Line line) {
        var words = line.value().split(" ", -1);
        if (words.length != 3 || !words[0].equals("IN") || words[2].indexOf('\t') >= 0) {
            throw new MalformedMessage(
                    "c=: expected IN, address type and address", line.offset(), SECTION);
        }
        var connection = new Connection(words[1], words[2]);
        try {
            HostPort.of(connection.host());
        } catch (MalformedMessage fault) {
            throw new MalformedMessage("c=: " + fault.reason(), line.offset(), SECTION);
        }
        return connection;
    }

    /// As it stands in a URI.
    String host() {
        return address.contains(":") ? "[" + address + "]" : address;
    }

    @Override
    public String toString() {
        return "IN " + type + " " + address;
    }
}
