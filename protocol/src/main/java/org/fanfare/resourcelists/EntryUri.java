package org.fanfare.resourcelists;

import org.fanfare.uri.HostPort;
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
            var recipient = cut(Uri.parse(withoutHeaders(text), limits));
            return Entry.usable(text, copyControl, anonymize, recipient);
        } catch (MalformedMessage e) {
            return Entry.invalid(text, copyControl, anonymize, e.reason());
        }
    }

    /// As they go anyway, nobody needs to look whether they are well-formed. A user may hold a
    /// question mark too.
    private static String withoutHeaders(String text) {
        int headers = text.indexOf('?');
        if (headers < 0) {
            return text;
        }
        int at = text.indexOf('@', headers);
        int afterUser =
                at < 0 || text.lastIndexOf('@', headers) >= 0 ? headers : text.indexOf('?', at);
        return afterUser < 0 ? text : text.substring(0, afterUser);
    }

    private static Uri cut(Uri uri) {
        return switch (uri) {
            case SipUri sip -> cut(sip);
            case TelUri tel -> new TelUri(tel.number(), cut(tel.parameters()));
            case OpaqueUri opaque -> opaque; // For interworking (reading 44).
        };
    }

    private static SipUri cut(SipUri sip) {
        if (isAnonymous(sip.hostPort())) {
            throw invalid("host " + ANONYMOUS_HOST + " names nobody");
        }
        if (sip.userInfo().indexOf('%') >= 0 && hasControl(sip.user().orElse(""))) {
            throw invalid("user: control character");
        }
        var parameters = cut(sip.parameters());
        int colon = sip.userInfo().indexOf(':');
        if (colon < 0 && parameters.size() == sip.parameters().size() && sip.headers().isEmpty()) {
            return sip;
        }
        var user = colon < 0 ? sip.userInfo() : sip.userInfo().substring(0, colon);
        return new SipUri(sip.secure(), user, sip.hostPort(), parameters, "");
    }

    private static boolean isAnonymous(HostPort hostPort) {
        return hostPort.host().length() - ANONYMOUS_HOST.length() <= 1
                && hostPort.host().length() >= ANONYMOUS_HOST.length()
                && hostPort.canonicalHost().equals(ANONYMOUS_HOST);
    }

    private static boolean hasControl(String user) {
        return user.chars().anyMatch(Character::isISOControl);
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

    private static MalformedMessage invalid(String reason) {
        return new MalformedMessage(reason, 0, "RFC 5365 7.2");
    }
}
