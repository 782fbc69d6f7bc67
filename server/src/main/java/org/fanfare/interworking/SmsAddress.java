package org.fanfare.interworking;

import org.fanfare.uri.OpaqueUri;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// An address of the SMS world (SMPP 3.4 5.2.5, 5.2.6).
///
/// @param type type of number
/// @param plan numbering plan
public record SmsAddress(int type, int plan, String digits) {

    private static final int UNKNOWN = 0;
    private static final int INTERNATIONAL = 1;
    private static final int ALPHANUMERIC = 5;
    private static final int ISDN = 1;

    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{2,20}");
    private static final Pattern SEPARATORS = Pattern.compile("[-.()]");

    /// What the configuration has as source: a number, a short code or up to eleven characters.
    static SmsAddress parse(String text) {
        if (NUMBER.matcher(text).matches()) {
            return ofNumber(text);
        }
        if (!isSource(text)) {
            throw new IllegalArgumentException(
                    "expected a number or up to 11 characters, found " + text);
        }
        return new SmsAddress(ALPHANUMERIC, UNKNOWN, text);
    }

    static boolean isSource(String text) {
        return NUMBER.matcher(text).matches()
                || (!text.isEmpty()
                        && text.length() <= 11
                        && text.chars().allMatch(c -> c > ' ' && c < 127));
    }

    private static SmsAddress ofNumber(String number) {
        return number.startsWith("+")
                ? new SmsAddress(INTERNATIONAL, ISDN, number.substring(1))
                : new SmsAddress(UNKNOWN, ISDN, number);
    }

    /// The number that a URI has: a tel URI, a SIP URI whose user is a number, or `sms:` (RFC
    /// 5724). Only global numbers, which mean the same to the SMSC as here.
    public static Optional<SmsAddress> of(Uri uri) {
        return switch (uri) {
            case TelUri tel -> global(tel.isGlobal() ? tel.digits() : "");
            case SipUri sip -> sip.user().flatMap(SmsAddress::ofUser);
            case OpaqueUri(var scheme, var rest) ->
                    scheme.toLowerCase(Locale.ROOT).equals("sms")
                            ? global(rest.split("[?;]", 2)[0])
                            : Optional.empty();
        };
    }

    /// The number as a tel URI, which unlike `sms:` can be asserted as an identity (RFC 3325 9.1).
    public Uri toTel() {
        return Uri.parse("tel:+" + digits);
    }

    /// Of `user=phone` the user is a whole telephone-subscriber (RFC 3261 19.1.6).
    private static Optional<SmsAddress> ofUser(String user) {
        try {
            return user.startsWith("+") && Uri.parse("tel:" + user) instanceof TelUri tel
                    ? of(tel)
                    : Optional.empty();
        } catch (MalformedMessage _) {
            return Optional.empty();
        }
    }

    private static Optional<SmsAddress> global(String number) {
        var digits = SEPARATORS.matcher(number).replaceAll("");
        return digits.startsWith("+") && NUMBER.matcher(digits).matches()
                ? Optional.of(ofNumber(digits))
                : Optional.empty();
    }
}
