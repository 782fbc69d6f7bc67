package org.fanfare.cli.conformance;

import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Octets;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a message must be; each throws when it is not.
final class Expect {

    private static final Pattern WARNING = Pattern.compile("\\d{3} \\S+ \"(.*)\"");

    private Expect() {}

    static void that(boolean holds, String expected, String seen) throws Mismatch {
        if (!holds) {
            throw new Mismatch(expected, seen);
        }
    }

    static void status(SipResponse answer, Integer... allowed) throws Mismatch {
        that(
                Arrays.asList(allowed).contains(answer.status()),
                Arrays.stream(allowed).map(String::valueOf).collect(Collectors.joining(" or ")),
                describe(answer));
    }

    static void success(SipResponse answer) throws Mismatch {
        that(answer.isSuccess(), "2xx", describe(answer));
    }

    /// @param allowed texts, one of which a Warning header must have
    static void refused(SipResponse answer, int status, String... allowed) throws Mismatch {
        status(answer, status);
        var texts =
                answer.headers().values("Warning").stream()
                        .map(value -> {
                            var matcher = WARNING.matcher(value);
                            return matcher.matches() ? matcher.group(1) : value;
                        })
                        .toList();
        that(
                Arrays.stream(allowed).anyMatch(texts::contains),
                "Warning with the text \"" + String.join("\" or \"", allowed) + "\"",
                "Warning " + texts);
    }

    /// Exactly this value, octet for octet.
    static void header(SipMessage message, String name, String value) throws Mismatch {
        var values = message.headers().all(name);
        that(values.equals(List.of(value)), name + ": " + value, name + " " + values);
    }

    /// The release of a Participating Function.
    static void release(SipMessage message, String name) throws Mismatch {
        headerFits(message, name, "CPM-serv/OMA\\d+\\.\\d+(\\s.*)?");
    }

    static void originator(SipMessage message, String uri) throws Mismatch {
        headerFits(message, "P-Asserted-Identity", "[^<]*<?" + Pattern.quote(uri) + ">?");
    }

    static void headerFits(SipMessage message, String name, String pattern) throws Mismatch {
        var values = message.headers().all(name);
        that(
                values.size() == 1 && values.getFirst().matches(pattern),
                name + " as " + pattern,
                name + " " + values);
    }

    static void no(SipMessage message, String... names) throws Mismatch {
        for (var name : names) {
            var values = message.headers().all(name);
            that(values.isEmpty(), "no " + name, name + " " + values);
        }
    }

    static void attribute(Sdp sdp, String attribute) throws Mismatch {
        that(sdp.has(attribute), "a=" + attribute, String.join(" ", sdp.lines()));
    }

    static void same(Octets seen, Octets expected) throws Mismatch {
        that(seen.equals(expected), Bodies.describe(expected), Bodies.describe(seen));
    }

    static void nowhere(SipMessage message, String... words) throws Mismatch {
        var all = message.encoded().utf8();
        for (var word : words) {
            that(!all.contains(word), "nothing of " + word, "it is in what was sent");
        }
    }

    /// In one line.
    static String describe(SipResponse answer) {
        var warnings = answer.headers().all("Warning");
        return answer.status()
                + " "
                + answer.reason()
                + (warnings.isEmpty() ? "" : " " + String.join(", ", warnings));
    }
}
