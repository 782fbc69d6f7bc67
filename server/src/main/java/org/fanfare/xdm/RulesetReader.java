package org.fanfare.xdm;

import org.fanfare.wire.Octets;
import org.fanfare.xdm.Ruleset.Interval;
import org.fanfare.xdm.Ruleset.Rule;
import org.fanfare.xml.XmlReader;
import org.fanfare.xml.XmlReader.Event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads a document of common policy (RFC 4745 13) with the extensions of OMA XDM. Elements are
/// known by namespace and local name, never by their prefix.
final class RulesetReader {

    static final String COMMON_POLICY = "urn:ietf:params:xml:ns:common-policy";

    /// Releases differ in which of these holds the extensions (references l).
    private static final Set<String> EXTENSIONS =
            Set.of(
                    "urn:oma:xml:xdm:extensions",
                    "urn:oma:xml:xdm:common-policy",
                    "urn:oma:xml:xdm:policy");

    private static final String SECTION = "RFC 4745 13";
    private static final int MAX_DEPTH = 16;
    private static final int MAX_RULES = 1000;
    private static final int MAX_TEXT = 64;

    private final XmlReader reader;

    // Of the rule that is being read.
    private final Set<String> enablers = new HashSet<>();
    private final List<Interval> validity = new ArrayList<>();
    private boolean understood;
    private boolean allowsOfflineStorage;

    RulesetReader(Octets xml) {
        reader = new XmlReader(xml, "ruleset", SECTION, MAX_DEPTH);
    }

    Ruleset read() {
        try (reader) {
            return readDocument();
        }
    }

    private Ruleset readDocument() {
        if (reader.next() != Event.START || !reader.isAt(COMMON_POLICY, "ruleset")) {
            throw reader.malformed(
                    "expected the element ruleset of " + COMMON_POLICY, reader.offset());
        }
        var rules = new ArrayList<Rule>();
        reader.forEachChild(() -> {
            if (!reader.isAt(COMMON_POLICY, "rule")) {
                reader.skip();
            } else if (rules.size() == MAX_RULES) {
                throw reader.malformed("expected at most " + MAX_RULES + " rules", reader.offset());
            } else {
                rules.add(readRule());
            }
        });
        expectEnd();
        return new Ruleset(rules);
    }

    /// What follows the last element is checked as well: half a document is none.
    private void expectEnd() {
        while (reader.next() != Event.FINISHED) {
            // Blanks and comments; another element would not be well-formed.
        }
    }

    private Rule readRule() {
        enablers.clear();
        validity.clear();
        understood = true;
        allowsOfflineStorage = false;
        reader.forEachChild(() -> {
            if (reader.isAt(COMMON_POLICY, "conditions")) {
                reader.forEachChild(this::readCondition);
            } else if (reader.isAt(COMMON_POLICY, "actions")) {
                reader.forEachChild(this::readAction);
            } else {
                reader.skip();
            }
        });
        return new Rule(enablers, understood, validity, allowsOfflineStorage);
    }

    private void readCondition() {
        if (isExtension("service-list")) {
            reader.forEachChild(this::readService);
        } else if (reader.isAt(COMMON_POLICY, "validity")) {
            readValidity();
        } else {
            understood = false;
            reader.skip();
        }
    }

    private void readService() {
        if (isExtension("service")) {
            reader.attribute("enabler").map(String::strip).ifPresent(enablers::add);
        }
        reader.skip();
    }

    /// Pairs of from and until (RFC 4745 7.3). Of one that cannot be read the condition never
    /// holds.
    private void readValidity() {
        var times = new ArrayList<String>();
        reader.forEachChild(() -> {
            if (reader.isAt(COMMON_POLICY, times.size() % 2 == 0 ? "from" : "until")) {
                times.add(reader.text(MAX_TEXT));
            } else {
                understood = false;
                reader.skip();
            }
        });
        understood &= !times.isEmpty() && times.size() % 2 == 0;
        for (int i = 0; i + 1 < times.size(); i += 2) {
            addInterval(times.get(i), times.get(i + 1));
        }
    }

    private void addInterval(String from, String until) {
        try {
            validity.add(new Interval(instant(from), instant(until)));
        } catch (DateTimeException _) {
            understood = false;
        }
    }

    private static Instant instant(String dateTime) {
        return OffsetDateTime.parse(dateTime).toInstant();
    }

    private void readAction() {
        if (isExtension("allow-offline-storage")) {
            var text = reader.text(MAX_TEXT);
            allowsOfflineStorage |= text.equals("true") || text.equals("1"); // xs:boolean
        } else {
            reader.skip();
        }
    }

    private boolean isExtension(String name) {
        return reader.name().equals(name) && EXTENSIONS.contains(reader.namespace());
    }
}
