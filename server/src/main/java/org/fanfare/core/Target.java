package org.fanfare.core;

import org.fanfare.uri.Uri;

/// One of the places that a request is forwarded to (RFC 3261 16.5).
///
/// @param requestUri what its copy of the request is addressed to
record Target(Uri requestUri, Way way, Side side) {

    /// Who is there.
    enum Side {
        /// A phone, which is outside of the trust domain.
        PHONE,
        /// The Participating Function.
        SERVICE,
        /// Another element that the Participating Function has named.
        NETWORK
    }

    boolean isPhone() {
        return side == Side.PHONE;
    }
}
