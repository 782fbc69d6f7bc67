package org.fanfare.reginfo;

import org.fanfare.wire.MalformedMessage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one subscription has told of registrations so far, put together from its documents (RFC
/// 3680 5.2). Not for several threads at once.
public final class RegistrationTables {

    /// In one document, and in all tables: more than any user has devices.
    static final int MOST_CONTACTS = 100;

    private static final int MOST_REGISTRATIONS = 20;

    private Map<String, Table> tables = Map.of();
    private long version = -1;

    /// What a document was.
    public enum Outcome {
        /// The next one.
        TAKEN,
        /// Taken, but one or more before it have not come: full state is to be asked for.
        GAP,
        /// Older than what is known: nothing is changed.
        OLD
    }

    private record Table(String aor, Map<String, RegisteredContact> rows) {

        Table copy() {
            return new Table(aor, new LinkedHashMap<>(rows));
        }
    }

    /// Takes over a document. A document of the version that is known is taken as well: nothing is
    /// said of it, and some notifiers count nothing.
    ///
    /// @throws MalformedMessage when there were more registrations or contacts than there may be;
    ///   then nothing is changed, and the next partial state shows the gap
    public Outcome apply(RegInfo document) {
        if (document.version() < version) {
            return Outcome.OLD;
        }
        var next = new LinkedHashMap<String, Table>();
        if (!document.full()) {
            tables.forEach((id, table) -> next.put(id, table.copy()));
        }
        document.registrations().forEach(registration -> update(next, registration));
        checkSize(next);
        boolean gap = !document.full() && document.version() > version + 1;
        version = document.version();
        tables = next;
        return gap ? Outcome.GAP : Outcome.TAKEN;
    }

    private static void update(Map<String, Table> tables, RegInfo.Registration registration) {
        var table =
                tables.computeIfAbsent(
                        registration.id(),
                        _ -> new Table(registration.aor(), new LinkedHashMap<>()));
        for (var contact : registration.contacts()) {
            if (contact.active()) {
                table.rows.put(contact.id(), contact);
            } else {
                table.rows.remove(contact.id());
            }
        }
        if (registration.state() != RegInfo.State.ACTIVE) {
            table.rows.clear();
        }
    }

    private static void checkSize(Map<String, Table> tables) {
        int contacts = tables.values().stream().mapToInt(table -> table.rows.size()).sum();
        if (tables.size() > MOST_REGISTRATIONS || contacts > MOST_CONTACTS) {
            throw new MalformedMessage(
                    "reginfo: expected fewer registrations and contacts", 0, "RFC 3680 5.2", 413);
        }
    }

    /// The contacts of this address that are bound now, empty where nothing is known of it.
    ///
    /// @param canonical the address in its canonical form
    public List<RegisteredContact> of(String canonical) {
        return tables.values().stream()
                .filter(table -> isOf(table.aor, canonical))
                .flatMap(table -> table.rows.values().stream())
                .toList();
    }

    private static boolean isOf(String aor, String canonical) {
        try {
            return org.fanfare.uri.Uri.parse(aor).canonical().equals(canonical);
        } catch (MalformedMessage _) {
            return false;
        }
    }
}
