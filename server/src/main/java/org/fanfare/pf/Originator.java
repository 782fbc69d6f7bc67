package org.fanfare.pf;

import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;

import java.util.List;

/// The authenticated originator's CPM Address: who sends, as the trust domain asserts it (section
/// 6.1, references e.1).
///
/// @param identities one SIP or SIPS URI, one tel URI, or one of each (RFC 3325 9.1); a SIP URI
///   comes first
record Originator(List<NameAddress> identities) {

    Originator {
        if (identities.isEmpty()) {
            throw new IllegalArgumentException("originator: no identity");
        }
        identities = List.copyOf(identities);
    }

    /// The form by which originators are told apart.
    String key() {
        return address().canonical();
    }

    /// Where a message to the originator goes.
    Uri address() {
        return identities.getFirst().uri();
    }

    boolean is(Uri uri) {
        return identities.stream()
                .anyMatch(identity -> identity.uri().canonical().equals(uri.canonical()));
    }

    @Override
    public String toString() {
        return key();
    }
}
