package org.fanfare.client;

import org.fanfare.imdn.Imdn;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The disposition notifications that came back for the messages sent: a state for each pair of
/// imdn.Message-ID and reporting address, because the CPIM To of a 1-to-Many message, and therefore
/// `<recipient-uri>`, is the EXPLODER-URI for all (reading 8, references g.4). Safe for use by
/// several threads.
public final class DispositionReports {

    /// Messages whose reports are awaited at the same time; beyond it the oldest is forgotten.
    static final int MAX_MESSAGES = 10_000;

    private final Map<String, Awaited> awaited = new LinkedHashMap<>();
    private long ignored;

    private static final class Awaited {
        private final Set<String> recipients;
        private final Set<String> network;
        private final Map<String, Disposition> states = new HashMap<>();

        private Awaited(Set<String> recipients, Set<String> network) {
            this.recipients = recipients;
            this.network = network;
        }

        /// With a list, only those on it; without (a group), anybody: its members are not known
        /// here.
        private boolean expects(String reporter) {
            return recipients.isEmpty() || recipients.contains(reporter);
        }
    }

    DispositionReports() {}

    /// Starts to wait for reports.
    ///
    /// @param recipients to whom it was sent, empty where the client does not know
    /// @param network addresses that may report on a recipient in his place: EXPLODER-URI,
    ///   controlling function
    synchronized void await(
            String imdnMessageId, Collection<Uri> recipients, Collection<Uri> network) {
        awaited.put(imdnMessageId, new Awaited(canonical(recipients), canonical(network)));
        if (awaited.size() > MAX_MESSAGES) {
            awaited.remove(awaited.keySet().iterator().next());
        }
    }

    private static Set<String> canonical(Collection<Uri> uris) {
        return uris.stream().map(Uri::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /// Takes a notification from `from`, the authenticated originator of the MESSAGE that brought
    /// it; empty where it changes nothing: it came twice or too late (D12), or is not believed
    /// (I11).
    synchronized Optional<DispositionReport> accept(Imdn imdn, Uri from) {
        var message = awaited.get(imdn.messageId());
        var reported = Disposition.of(imdn);
        if (message == null || reported == Disposition.NONE) {
            ignored++;
            return Optional.empty();
        }
        var reporter = reporter(message, imdn, from);
        if (!message.expects(reporter.canonical())) {
            ignored++;
            return Optional.empty();
        }
        var before = message.states.getOrDefault(reporter.canonical(), Disposition.NONE);
        if (reported.compareTo(before) <= 0) {
            return Optional.empty();
        }
        message.states.put(reporter.canonical(), reported);
        return Optional.of(new DispositionReport(imdn.messageId(), reporter, before, reported));
    }

    /// The network reports in the place of a recipient, whom `<recipient-uri>` then names (reading
    /// 2); anybody else speaks for himself only.
    private static Uri reporter(Awaited message, Imdn imdn, Uri from) {
        return message.network.contains(from.canonical())
                ? uri(imdn.recipientUri()).orElse(from)
                : from;
    }

    private static Optional<Uri> uri(String text) {
        try {
            return Optional.of(Uri.parse(text));
        } catch (MalformedMessage notOne) {
            return Optional.empty();
        }
    }

    /// What is known of a message at one recipient.
    public synchronized Disposition of(String imdnMessageId, Uri recipient) {
        var message = awaited.get(imdnMessageId);
        return message == null
                ? Disposition.NONE
                : message.states.getOrDefault(recipient.canonical(), Disposition.NONE);
    }

    /// How many recipients of a message have reached this state or a later one; a failure is none
    /// of them.
    public synchronized int count(String imdnMessageId, Disposition atLeast) {
        var message = awaited.get(imdnMessageId);
        return message == null
                ? 0
                : (int)
                        message.states.values().stream()
                                .filter(state -> reached(state, atLeast))
                                .count();
    }

    private static boolean reached(Disposition state, Disposition atLeast) {
        return atLeast == Disposition.FAILED
                ? state == atLeast
                : state != Disposition.FAILED && state.compareTo(atLeast) >= 0;
    }

    /// Reports that were not believed: of unknown messages, from people who did not get them.
    public synchronized long ignored() {
        return ignored;
    }
}
