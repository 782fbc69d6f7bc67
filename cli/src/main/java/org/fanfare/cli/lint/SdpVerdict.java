package org.fanfare.cli.lint;

import org.fanfare.sdp.MediaDescription;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sip.StatusCode;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.util.OptionalInt;

/// Judges a session description: first by its grammar, then what it says about a message session.
final class SdpVerdict {

    private static final String TYPE = "application/sdp";

    private SdpVerdict() {}

    /// One without a message session that could be set up is no less valid, but no offer that we
    /// take.
    static Verdict of(Octets octets, Limits limits) {
        var description = SessionDescription.parse(octets, limits);
        var media = description.media();
        if (media.size() != 1 || !isMessage(media.getFirst()) || media.getFirst().port() == 0) {
            return new Verdict(true, TYPE, OptionalInt.of(StatusCode.NOT_ACCEPTABLE_HERE));
        }
        MessageMedia.of(description, limits);
        return Verdict.good(TYPE);
    }

    private static boolean isMessage(MediaDescription section) {
        return section.media().equals("message") && section.protocol().endsWith("MSRP");
    }
}
