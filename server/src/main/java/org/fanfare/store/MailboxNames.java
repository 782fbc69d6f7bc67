package org.fanfare.store;

import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;
import java.util.Optional;

/// Names of users in the message store, made from their CPM Addresses by a pattern: `{user}` and
/// `{domain}` stand for the parts of the address. Two users never share a mailbox: a pattern
/// without `{domain}` is for those of one domain only, and what has a meaning in login names is not
/// taken from an address.
public final class MailboxNames {

    private static final String PLAIN = "+-_.";

    private final String pattern;
    private final String domain;

    /// @param domain the one that telephone numbers belong to, and every user where the pattern
    ///   does not say
    public MailboxNames(String pattern, String domain) {
        if (!pattern.contains("{user}")) {
            throw new IllegalArgumentException("expected {user} in " + pattern);
        }
        this.pattern = pattern;
        this.domain = domain.toLowerCase(Locale.ROOT);
    }

    /// Empty for a user who can have no mailbox here.
    Optional<String> of(String address) {
        try {
            return switch (Uri.parse(address)) {
                case SipUri sip ->
                        sip.user().flatMap(user -> of(user, sip.hostPort().canonicalHost()));
                case Uri uri when uri.scheme().equalsIgnoreCase("tel") ->
                        of(number(address), domain);
                default -> Optional.empty();
            };
        } catch (MalformedMessage _) {
            return Optional.empty();
        }
    }

    private static String number(String tel) {
        int end = tel.indexOf(';');
        return tel.substring("tel:".length(), end < 0 ? tel.length() : end);
    }

    private Optional<String> of(String user, String host) {
        boolean ours = pattern.contains("{domain}") || host.equals(domain);
        return ours && !user.isEmpty() && user.chars().allMatch(MailboxNames::isPlain)
                ? Optional.of(pattern.replace("{domain}", host).replace("{user}", user))
                : Optional.empty();
    }

    private static boolean isPlain(int c) {
        return (c >= '0' && c <= '9')
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || PLAIN.indexOf(c) >= 0;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
