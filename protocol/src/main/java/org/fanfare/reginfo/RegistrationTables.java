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

    private final Map<String, Table> tables = new LinkedHashMap<>();
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

    private record Table(String aor, Map<String, RegisteredContact> rows) {}

    /// Takes over a document. A document of the version that is known is taken as well: nothing is
    /// said of it, and some notifiers count nothing.
    ///
    /// @throws MalformedMessage when there are more registrations or contacts than there may be
    public Outcome apply(RegInfo document) {
        if (document.version() < version) {
            return Outcome.OLD;
        }
        boolean gap = !document.full() && document.version() > version + 1;
        version = document.version();
        if (document.full()) {
            tables.clear();
        }
        for (var registration : document.registrations()) {
            update(registration);
        }
        return gap ? Outcome.GAP : Outcome.TAKEN;
    }

    private void update(RegInfo.Registration registration) {
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
        checkSize();
    }

    private void checkSize() {
        int contacts = tables.values().stream().mapToInt(table -> table.rows.size()).sum();
        if (tables.size() > MOST_REGISTRATIONS || contacts > MOST_CONTACTS) {
            tables.clear();
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
