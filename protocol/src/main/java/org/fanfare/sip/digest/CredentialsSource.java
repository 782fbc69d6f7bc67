package org.fanfare.sip.digest;

import java.util.Map;
import java.util.Optional;

/// Who may answer a challenge, and with what.
@FunctionalInterface
public interface CredentialsSource {

    /// H(A1) of the user ([DigestAlgorithm#ha1]); empty for a user nobody knows. May block.
    Optional<String> ha1(DigestAlgorithm algorithm, String user, String realm);

    /// Users with their passwords.
    static CredentialsSource ofPasswords(Map<String, String> passwords) {
        var known = Map.copyOf(passwords);
        return (algorithm, user, realm) ->
                Optional.ofNullable(known.get(user)).map(p -> algorithm.ha1(user, realm, p));
    }
}
