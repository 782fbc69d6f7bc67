package org.fanfare.cli.lint;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdns;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.regex.Pattern;

/// What a file holds.
public enum Kind {
    SIP("sip") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            return SipLint.ofDatagram(octets, limits);
        }
    },
    SIP_STREAM("sip-stream") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            return SipLint.ofStream(octets, limits);
        }
    },
    MSRP("msrp") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            return MsrpVerdict.of(octets);
        }
    },
    CPIM("cpim") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            CpimMessage.check(octets, limits);
            return Verdict.good("message/cpim");
        }
    },
    IMDN("imdn") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            Imdns.check(octets, limits);
            return Verdict.good("message/imdn+xml");
        }
    },
    RESOURCE_LISTS("resource-lists") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            RecipientList.check(octets, limits);
            return Verdict.good("application/resource-lists+xml");
        }
    },
    SDP("sdp") {
        @Override
        Verdict read(Octets octets, Limits limits) {
            return SdpVerdict.of(octets, limits);
        }
    };

    private static final int LOOK_AT = 4096;
    private static final Pattern SIP_LINE =
            Pattern.compile("(?i)^(SIP/\\d|[^\\s:]+[ \\t]+\\S.*SIP/\\d)");
    private static final Pattern XML = Pattern.compile("^(\u00ef\u00bb\u00bf)?\\s*<");
    private static final Pattern SDP_LINE = Pattern.compile("^[a-z]=");
    private static final Pattern FIELD = Pattern.compile("^[A-Za-z][\\w.-]*:");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    abstract Verdict read(Octets octets, Limits limits);

    /// Never throws for what the octets hold.
    public Verdict judge(Octets octets, Limits limits) {
        try {
            return read(octets, limits);
        } catch (MalformedMessage fault) {
            return Verdict.bad(fault);
        }
    }

    /// The kind that the octets look like; SIP when they look like nothing, so that it is SIP's
    /// parser that says what is wrong.
    public static Kind of(Octets octets) {
        var start = octets.slice(0, Math.min(LOOK_AT, octets.length())).ascii();
        if (XML.matcher(start).find() || start.startsWith("\ufffd\ufffd")) {
            return RESOURCE_LISTS;
        }
        if (SDP_LINE.matcher(start).find()) {
            return SDP;
        }
        if (start.startsWith("MSRP ")) {
            return MSRP;
        }
        if (SIP_LINE.matcher(start.stripLeading()).find() || !FIELD.matcher(start).find()) {
            return SIP;
        }
        return octets.ascii().contains("message/imdn+xml") ? IMDN : CPIM;
    }

    @Override
    public String toString() {
        return word;
    }
}
