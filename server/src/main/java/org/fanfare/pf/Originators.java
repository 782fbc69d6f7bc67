package org.fanfare.pf;

import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Some originators, by patterns on their identity in which `*` stands for anything:
/// `sip:*@home.example`.
///
/// Pattern and identity are compared in canonical form, so that `sip:Alice@EX.com`,
/// `sip:%41lice@ex.com` and a tel URI of the same number are who they are (reliability I6). The
/// user part distinguishes case, the host does not.
public final class Originators {

    public static final Originators EVERYBODY = matching(List.of("*"));
    public static final Originators NOBODY = matching(List.of());

    private final List<String> patterns;
    private final List<Pattern> expressions;

    private Originators(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
        this.expressions = patterns.stream().map(Originators::expression).toList();
    }

    public static Originators matching(List<String> patterns) {
        return new Originators(patterns);
    }

    boolean include(Originator originator) {
        return originator.identities().stream()
                .flatMap(identity ->
                        Stream.of(identity.uri().canonical(), addressOf(identity.uri())))
                .anyMatch(form -> expressions.stream().anyMatch(e -> e.matcher(form).matches()));
    }

    /// The canonical form of a SIP URI for a telephone number is that of the number; a pattern may
    /// name its domain all the same.
    private static String addressOf(Uri uri) {
        return uri instanceof SipUri sip
                ? sip.withoutParameter("user").canonical()
                : uri.canonical();
    }

    private static Pattern expression(String glob) {
        var text = glob.indexOf('*') < 0 ? canonical(glob) : lowerCaseHost(glob);
        return Pattern.compile(
                Stream.of(text.split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")));
    }

    private static String canonical(String uri) {
        try {
            return Uri.parse(uri).canonical();
        } catch (MalformedMessage _) {
            return uri;
        }
    }

    private static String lowerCaseHost(String glob) {
        int at = glob.lastIndexOf('@');
        return glob.substring(0, at + 1) + glob.substring(at + 1).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return patterns.toString();
    }
}
