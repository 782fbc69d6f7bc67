package org.fanfare.interworking;

import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;

import java.util.Optional;
import java.util.Set;

/// Which messages go to the Interworking Selection Function (section 6.5), and by which way.
///
/// @param isf address of the function, empty where there is none
/// @param codes final answers that send a message there (reading 46)
public record InterworkingSelection(Optional<Isf> isf, Set<Integer> codes) {

    /// The eight codes that the specification lists.
    public static final Set<Integer> LISTED_CODES =
            Set.of(
                    404, // 8.2.1.1/8.A.iv.404 8.2.1.2/err.404 8.2.1.1/8.B.d.vii.d.a.404
                    405, // 8.2.1.1/8.A.iv.405 8.2.1.2/err.405
                    410, // 8.2.1.1/8.A.iv.410 8.2.1.2/err.410
                    414, // 8.2.1.1/8.A.iv.414 8.2.1.2/err.414
                    415, // 8.2.1.1/8.A.iv.415 8.2.1.2/err.415
                    416, // 8.2.1.1/8.A.iv.416 8.2.1.2/err.416
                    488, // 8.2.1.1/8.A.iv.488 8.2.1.2/err.488 8.2.1.1/8.B.d.vii.d.a.488
                    606); // 8.2.1.1/8.A.iv.606 8.2.1.2/err.606 8.2.1.1/8.B.d.vii.d.a.606

    /// No interworking: what only an interworking function could take fails.
    public static final InterworkingSelection NONE =
            new InterworkingSelection(Optional.empty(), LISTED_CODES);

    /// An interworking function.
    ///
    /// @param uri what stands in the Route header field, with `lr`
    /// @param direct where its requests go; empty: to the SIP/IP core, which knows the way (section
    ///   6.5)
    /// @param knowsRepetitions whether it recognises a message that it has had before, so that one
    ///   without an answer may be sent again; otherwise that could cost a second short message
    ///   (K12)
    public record Isf(SipUri uri, Optional<Hop> direct, boolean knowsRepetitions) {

        public Isf {
            uri = uri.withParameters(uri.parameters().with("lr")); // no strict routing
        }
    }

    public InterworkingSelection {
        codes = Set.copyOf(codes);
    }

    /// Whether the policy allows to initiate interworking (8.2.1.1/8.A.iv.1).
    public boolean allowed() {
        return isf.isPresent();
    }

    /// Whether this final answer asks for interworking, if it is allowed.
    public boolean isAskedForBy(int status) {
        return codes.contains(status);
    }

    /// Whether a message that was sent to interworking and had no answer may be sent again.
    public boolean repeats() {
        return isf.filter(Isf::knowsRepetitions).isPresent();
    }

    /// Whether the SIP/IP core can find this recipient: a SIP URI, a SIPS URI, which counts as one
    /// (references m), or a tel URI.
    public static boolean isReachableBySip(Uri recipient) {
        return recipient instanceof SipUri || recipient instanceof TelUri;
    }
}
