package org.fanfare.core;

import org.fanfare.sip.digest.CredentialsSource;

/// Who may register and send, and how he proves that he is the one.
public sealed interface UserSource {

    /// Nobody may.
    record None() implements UserSource {}

    /// Everybody is believed to be whom he says. For a lab; said loudly in the log.
    record Insecure() implements UserSource {}

    /// Those of whom there are credentials; each proves himself by digest.
    record Digest(CredentialsSource credentials) implements UserSource {}
}
