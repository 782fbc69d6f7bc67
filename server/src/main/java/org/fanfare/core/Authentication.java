package org.fanfare.core;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.digest.DigestServer;
import org.fanfare.sip.digest.DigestServer.Challenged;
import org.fanfare.sip.digest.DigestServer.Challenger;
import org.fanfare.sip.digest.DigestServer.Verified;

import java.util.Optional;

/// Finds out whether a request comes from the user whom it names, where no registration says so.
sealed interface Authentication {

    /// What came of it.
    sealed interface Verdict {}

    /// It comes from this user.
    record From(AddressOfRecord user) implements Verdict {}

    /// It does not, or not yet.
    record Answer(SipResponse response) implements Verdict {}

    /// Checks one request, once.
    ///
    /// @param named whom the request names as its sender
    Verdict check(SipRequest request, Optional<AddressOfRecord> named);

    static Authentication of(CoreSettings settings, Challenger challenger) {
        return switch (settings.users()) {
            case UserSource.None() -> new Nobody();
            case UserSource.Insecure() -> new Everybody();
            case UserSource.Digest(var credentials) -> {
                var digest = DigestServer.Settings.of(challenger, settings.realm()).withMd5();
                yield new ByDigest(new DigestServer(digest, credentials));
            }
        };
    }

    private static Answer forbidden(SipRequest request) {
        return new Answer(request.answer(StatusCode.FORBIDDEN).build());
    }

    /// Nobody may.
    record Nobody() implements Authentication {

        @Override
        public Verdict check(SipRequest request, Optional<AddressOfRecord> named) {
            return forbidden(request);
        }
    }

    /// All are believed.
    record Everybody() implements Authentication {

        @Override
        public Verdict check(SipRequest request, Optional<AddressOfRecord> named) {
            return named.<Verdict>map(From::new).orElseGet(() -> forbidden(request));
        }
    }

    /// He proves it by digest (RFC 3261 22).
    record ByDigest(DigestServer server) implements Authentication {

        @Override
        public Verdict check(SipRequest request, Optional<AddressOfRecord> named) {
            return switch (server.check(request)) {
                case Challenged(var response, _) -> new Answer(response);
                case Verified(var user) -> {
                    var verified = new AddressOfRecord(user);
                    yield named.isEmpty() || named.get().equals(verified)
                            ? new From(verified)
                            : forbidden(request);
                }
            };
        }
    }
}
