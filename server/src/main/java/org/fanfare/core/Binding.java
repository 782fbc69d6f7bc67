package org.fanfare.core;

import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.time.Instant;
import java.util.Optional;

/// One binding of an address-of-record (RFC 3261 10.3).
///
/// @param contact as it was registered, with its parameters but `expires`
/// @param preference its `q` in thousandths
/// @param flow what it was registered over, and, behind an address translator, the only way back
record Binding(
        NameAddress contact, int preference, String callId, long cseq, Instant expires, Flow flow) {

    private static final String GRUU = "pub-gruu"; // RFC 5627 11

    /// One that was just registered.
    ///
    /// @param gruu that the device has from now on; none when it does not want one
    static Binding of(
            SipRequest register,
            Contact.Address contact,
            Optional<SipUri> gruu,
            Instant expires,
            Flow flow) {
        var claimed = contact.parameters().without("expires").without(GRUU).without("temp-gruu");
        var parameters = gruu.map(g -> claimed.withQuoted(GRUU, g.toString())).orElse(claimed);
        return new Binding(
                contact.address().withParameters(parameters),
                contact.preference(),
                register.callId(),
                register.cseq().number(),
                expires,
                flow);
    }

    boolean isActive(Instant now) {
        return now.isBefore(expires);
    }

    boolean isOf(Uri contactUri) {
        return contact.uri().matches(contactUri);
    }

    /// The contact with the seconds it is still good for.
    NameAddress contact(long left) {
        return contact.withParameters(contact.parameters().with("expires", Long.toString(left)));
    }
}
