package org.fanfare.cpm;

import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/// The values of Privacy, in lower case (RFC 3323 4.2, RFC 3325 9.3).
public record Privacy(Set<String> values) {

    public static final Privacy NONE_ASKED = new Privacy(Set.of());

    private static final String ANONYMOUS_HOST = "anonymous.invalid";

    public Privacy {
        values = Set.copyOf(values);
    }

    /// Reads all fields of that name; a comma for the semicolon is understood too.
    public static Privacy parse(Collection<String> fieldValues) {
        var values = new LinkedHashSet<String>();
        for (var field : fieldValues) {
            for (var value : field.split("[;,]", -1)) {
                if (!value.isBlank()) {
                    values.add(value.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return values.isEmpty() ? NONE_ASKED : new Privacy(values);
    }

    /// Whether the sender wants to stay unknown: any of `id`, `user`, `header`, and not `none`.
    public boolean anonymityRequested() {
        return !values.contains("none")
                && (values.contains("id") || values.contains("user") || values.contains("header"));
    }

    /// Whether From hides who sent: the other way to ask for anonymity (RFC 3323 4.1.1.3).
    public static boolean isAnonymous(Uri from) {
        return from instanceof SipUri sip
                && (sip.hostPort().canonicalHost().equals(ANONYMOUS_HOST)
                        || sip.user().orElse("").equalsIgnoreCase("anonymous"));
    }
}
