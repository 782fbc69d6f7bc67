package org.fanfare.core;

import org.fanfare.uri.Uri;

/// One of the places that a request is forwarded to (RFC 3261 16.5).
///
/// @param requestUri what its copy of the request is addressed to
/// @param isPhone whether it is outside of the trust domain
record Target(Uri requestUri, Way way, boolean isPhone) {}
