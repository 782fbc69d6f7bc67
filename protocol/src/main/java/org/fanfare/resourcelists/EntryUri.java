package org.fanfare.resourcelists;

import org.fanfare.uri.OpaqueUri;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;

/// Cuts the URI of an entry to what a stranger may say in a request of ours (L9, RFC 3261 19.1.5).
///
/// Scheme, user, host, port and the parameters `user`, `gr` and `phone-context` stay; headers, the
/// password, `method` and every other parameter go. A parameter that would choose the way of the
/// copy, or that no URI for a request may have, makes the entry invalid, and so do anonymous
/// addresses and control characters.
final class EntryUri {

    /// Who stands in a history list for those who do not want to be named (RFC 5364 4).
    private static final String ANONYMOUS_HOST = "anonymous.invalid";

    private EntryUri() {}

    /// The recipient, or an entry that says what is wrong.
    static Entry read(String text, CopyControl copyControl, boolean anonymize, Limits limits) {
        try {
            var recipient = cut(Uri.parse(text, limits));
            return Entry.usable(text, copyControl, anonymize, recipient);
        } catch (MalformedMessage e) {
            return Entry.invalid(text, copyControl, anonymize, e.reason());
        }
    }

    private static Uri cut(Uri uri) {
        return switch (uri) {
            case SipUri sip -> cut(sip);
            case TelUri tel -> new TelUri(tel.number(), cut(tel.parameters()));
            case OpaqueUri opaque -> cut(opaque);
        };
    }

    private static SipUri cut(SipUri sip) {
        if (sip.hostPort().canonicalHost().equals(ANONYMOUS_HOST)) {
            throw invalid("host " + ANONYMOUS_HOST + " names nobody");
        }
        if (sip.userInfo().indexOf('%') >= 0 && hasControl(sip.user().orElse(""))) {
            throw invalid("user: control character");
        }
        return new SipUri(
                sip.secure(),
                withoutPassword(sip.userInfo()),
                sip.hostPort(),
                cut(sip.parameters()),
                "");
    }

    private static boolean hasControl(String user) {
        return user.chars().anyMatch(Character::isISOControl);
    }

    private static String withoutPassword(String userInfo) {
        int colon = userInfo.indexOf(':');
        return colon < 0 ? userInfo : userInfo.substring(0, colon);
    }

    private static Parameters cut(Parameters parameters) {
        var cut = parameters;
        for (var parameter : parameters) {
            var name = parameter.name().toLowerCase(Locale.ROOT);
            switch (name) {
                case "user", "gr", "phone-context" -> {}
                case "maddr", "transport", "lr", "ttl", "received" ->
                        throw invalid("parameter " + name + " is not for an entry");
                default -> cut = cut.without(parameter.name());
            }
        }
        return cut;
    }

    /// `mailto:` and the like go to interworking (reading 44), without what stands behind `?`.
    private static OpaqueUri cut(OpaqueUri opaque) {
        int headers = opaque.rest().indexOf('?');
        if (headers == 0) {
            throw invalid("expected something before \"?\"");
        }
        return headers < 0
                ? opaque
                : new OpaqueUri(opaque.scheme(), opaque.rest().substring(0, headers));
    }

    private static MalformedMessage invalid(String reason) {
        return new MalformedMessage(reason, 0, "RFC 5365 7.2");
    }
}
