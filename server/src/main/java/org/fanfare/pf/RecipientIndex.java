package org.fanfare.pf;

import org.fanfare.interworking.SmsAddress;
import org.fanfare.ledger.Dispositions;
import org.fanfare.ledger.Dispositions.Asked;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.MessageRef;
import org.fanfare.uri.OpaqueUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/// Where a recipient stands on the list of a message, for the messages that reports came about
/// last.
final class RecipientIndex {

    /// Recipients of all lists that are kept in memory; a list beyond it stands alone.
    private static final int MOST = 200_000;

    private final Dispositions ledger;
    private final LinkedHashMap<MessageRef, Map<String, Integer>> known =
            new LinkedHashMap<>(16, 0.75f, true);
    private int held;

    RecipientIndex(Dispositions ledger) {
        this.ledger = ledger;
    }

    /// Under any of the identities of the one who reports.
    OptionalInt find(Asked message, Originator reporter) {
        var positions = positions(message);
        return reporter.identities().stream()
                .map(identity -> positions.get(identity.uri().canonical()))
                .filter(Objects::nonNull)
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private synchronized Map<String, Integer> positions(Asked message) {
        var found = known.get(message.message());
        if (found == null) {
            found = read(message);
            known.put(message.message(), found);
            held += found.size();
            forgetOldest();
        }
        return found;
    }

    private Map<String, Integer> read(Asked message) {
        var positions = new HashMap<String, Integer>();
        for (int from = 0; from < message.recipients(); from += Ledger.RANGE_SIZE) {
            var uris = ledger.recipients(message.message(), from / Ledger.RANGE_SIZE);
            for (int i = 0; i < uris.size(); i++) {
                positions.put(canonical(uris.get(i)), from + i);
            }
        }
        return positions;
    }

    /// A number that gets short messages reports as a tel URI.
    private static String canonical(String text) {
        try {
            var uri = Uri.parse(text);
            return uri instanceof OpaqueUri
                    ? SmsAddress.of(uri).map(SmsAddress::toTel).orElse(uri).canonical()
                    : uri.canonical();
        } catch (MalformedMessage _) {
            return text; // nobody has it
        }
    }

    private void forgetOldest() {
        var oldest = known.values().iterator();
        while (held > MOST && known.size() > 1) {
            held -= oldest.next().size();
            oldest.remove();
        }
    }
}
