package org.fanfare.client;

import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

/// How somebody is named who does not want to be (RFC 3261 8.1.1.3, RFC 3323 4.1.1.3).
final class Anonymity {

    static final Uri URI = org.fanfare.uri.Uri.parse("sip:anonymous@anonymous.invalid");

    /// The From of an anonymous request.
    static final NameAddress FROM = new NameAddress("Anonymous", URI, Parameters.NONE);

    private static final String HOST = "anonymous.invalid";

    private Anonymity() {}

    static boolean isAnonymous(Uri uri) {
        return uri instanceof SipUri sip && sip.hostPort().canonicalHost().equals(HOST);
    }
}
