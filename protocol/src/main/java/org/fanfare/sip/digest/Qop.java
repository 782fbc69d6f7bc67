package org.fanfare.sip.digest;

import java.util.Arrays;
import java.util.Optional;

/// Quality of protection (RFC 7616 3.4.3): what the digest covers.
public enum Qop {
    /// Method and URI.
    AUTH("auth"),
    /// The body too.
    AUTH_INT("auth-int");

    private final String token;

    Qop(String token) {
        this.token = token;
    }

    public String token() {
        return token;
    }

    static Optional<Qop> of(String token) {
        return Arrays.stream(values()).filter(q -> q.token.equalsIgnoreCase(token)).findFirst();
    }
}
