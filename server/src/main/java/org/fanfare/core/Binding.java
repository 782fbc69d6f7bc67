package org.fanfare.core;

import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;

import java.time.Instant;

/// One binding of an address-of-record (RFC 3261 10.3).
///
/// @param contact as it was registered, with its parameters but `expires`
/// @param preference its `q` in thousandths
/// @param flow what it was registered over, and, behind an address translator, the only way back
record Binding(
        NameAddress contact, int preference, String callId, long cseq, Instant expires, Flow flow) {

    static Binding of(SipRequest register, Contact.Address contact, Instant expires, Flow flow) {
        return new Binding(
                contact.address().withParameters(contact.parameters().without("expires")),
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
