package org.fanfare.sip;

import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

import java.util.Optional;
import java.util.OptionalLong;

/// One value of Contact (RFC 3261 20.10): an address, or `*` for all of them in a REGISTER that
/// removes bindings (10.2.2).
public sealed interface Contact {

    /// `*`.
    record All() implements Contact {
        @Override
        public String toString() {
            return "*";
        }
    }

    /// Where a user can be reached.
    record Address(NameAddress address) implements Contact {

        public Uri uri() {
            return address.uri();
        }

        public Parameters parameters() {
            return address.parameters();
        }

        public OptionalLong expires() {
            return parameters().number("expires");
        }

        /// The preference from 0 to 1, in thousandths; 1000 when nothing is said.
        public int preference() {
            return parameters().value("q").map(Contact::thousandths).orElse(1000);
        }

        @Override
        public String toString() {
            return address.toString();
        }
    }

    /// The address, unless it is `*`.
    default Optional<NameAddress> asAddress() {
        return this instanceof Address(var address) ? Optional.of(address) : Optional.empty();
    }

    static Contact read(Cursor cursor, Limits limits) {
        int from = cursor.position();
        if (cursor.accept('*')) {
            if (cursor.atEnd()) {
                return new All();
            }
            cursor.moveTo(from);
        }
        var address = NameAddress.read(cursor, limits);
        address.parameters().find("q").ifPresent(q -> checkQ(q.raw(), cursor, from));
        address.parameters().find("expires").ifPresent(e -> checkExpires(e.raw(), cursor, from));
        return new Address(address);
    }

    private static void checkQ(String q, Cursor cursor, int from) {
        if (thousandths(q) < 0) {
            throw cursor.fault(from, "expected q from 0 to 1 with at most three decimals");
        }
    }

    /// RFC 3261 10.3 lets a registrar take a malformed value for 3600, but a number that does not
    /// fit is a fault (RFC 4475 3.1.2.4).
    private static void checkExpires(String expires, Cursor cursor, int from) {
        long value = 0;
        for (int i = 0; i < expires.length(); i++) {
            char c = expires.charAt(i);
            if (c < '0' || c > '9') {
                return;
            }
            value = Math.min(value * 10 + (c - '0'), Fields.MAX_SECONDS + 1);
        }
        if (value > Fields.MAX_SECONDS) {
            throw cursor.fault(from, "expected expires less than 2^32");
        }
    }

    private static int thousandths(String q) {
        if (q.isEmpty() || q.length() > 5 || (q.charAt(0) != '0' && q.charAt(0) != '1')) {
            return -1;
        }
        if (q.length() > 1 && q.charAt(1) != '.') {
            return -1;
        }
        int value = (q.charAt(0) - '0') * 1000;
        int weight = 100;
        for (int i = 2; i < q.length(); i++) {
            if (q.charAt(i) < '0' || q.charAt(i) > '9') {
                return -1;
            }
            value += (q.charAt(i) - '0') * weight;
            weight /= 10;
        }
        return value <= 1000 ? value : -1;
    }
}
