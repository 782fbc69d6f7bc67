package org.fanfare.reginfo;

import org.fanfare.uri.NameAddress;

import java.util.Optional;
import java.util.OptionalLong;

/// One contact of a registration (RFC 3680 5.1).
///
/// @param id the same in all documents of a subscription
/// @param active bound now; else it was, and is told of for the last time
/// @param event what has brought it into this state, as `registered` or `expired`
/// @param expires seconds until it ends, where it is said
/// @param address with the parameters that it was registered with, and its public GRUU as
///   `pub-gruu` (RFC 5627 11, RFC 5628), as in a response to REGISTER; without `q` and `expires`
public record RegisteredContact(
        String id, boolean active, String event, OptionalLong expires, NameAddress address) {

    static final String GRUU = "pub-gruu";

    Optional<String> gruu() {
        return address.parameters().value(GRUU);
    }
}
