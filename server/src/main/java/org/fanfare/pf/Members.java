package org.fanfare.pf;

import org.fanfare.ledger.PreFailed;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.wire.Printable;

import java.util.ArrayList;
import java.util.List;

/// The recipients of a list, each once, without ourselves (readings 14 and 71).
///
/// @param uris Request-URIs of the copies, in the order of the list; what an entry says if it is
///   invalid
/// @param invalid which of them cannot be sent to, and why: they fail, and the others do not
///   (reliability L7)
record Members(List<String> uris, List<PreFailed> invalid) {

    private static final int MOST_SHOWN = 256;

    static Members of(RecipientList list, Self self) {
        var uris = new ArrayList<String>(list.entries().size());
        var invalid = new ArrayList<PreFailed>();
        for (var entry : list.entries()) {
            var recipient = entry.recipient();
            if (recipient.isEmpty()) {
                invalid.add(new PreFailed(uris.size(), entry.reason()));
                uris.add(Printable.cut(entry.uri(), MOST_SHOWN));
            } else if (!self.isExploderUri(recipient.get())) {
                // 8.2.1.1/8.A.ii.8.each 8.2.1.1/8.A.ii.8.noncpm
                uris.add(recipient.get().toString());
            }
        }
        return new Members(uris, invalid);
    }

    boolean hasValid() {
        return uris.size() > invalid.size();
    }
}
