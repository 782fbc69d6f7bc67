package org.fanfare.xdm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Clause;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Random;

class RulesetTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private static final String CPM =
            "<o:service-list><o:service enabler=\"CPM\"/></o:service-list>";
    private static final String STORE = "<o:allow-offline-storage>true</o:allow-offline-storage>";

    @Clause({"8.2.1.1/6", "8.2.1.1/6.record", "8.2.1.2/200.7", "8.2.1.2/200.7.record"})
    @Test
    void aRuleForCpmThatAllowsOfflineStorageRecords() {
        assertThat(records(rule(CPM, STORE))).isTrue();
    }

    @Clause({"8.2.1.1/6.else", "8.2.1.2/200.7.else"})
    @Test
    void noOtherRuleRecords() {
        assertThat(records("")).isFalse();
        assertThat(records(rule(CPM.replace("CPM", "PoC"), STORE))).isFalse();
        assertThat(records(rule(CPM, ""))).isFalse();
        assertThat(records(rule(CPM, STORE.replace("true", "false")))).isFalse();
        assertThat(records(rule(CPM, STORE.replace("true", "TRUE")))).isFalse();
        assertThat(records(rule("", STORE))).isFalse();
        // service, enabler and action have to be of one rule
        assertThat(records(rule(CPM, "") + rule("", STORE))).isFalse();
    }

    @Test
    void whatRulesAllowAddsUp() {
        assertThat(records(rule(CPM, STORE.replace("true", "false")) + rule(CPM, STORE))).isTrue();
        var two = CPM.replace("<o:service ", "<o:service enabler=\"PoC\"/><o:service ");
        assertThat(records(rule(two, STORE.replace("true", "1")))).isTrue();
    }

    @Test
    void elementsAreKnownByTheirNamespaceAndNotByTheirPrefix() {
        assertThat(records(rule(CPM, STORE).replace("o:", "x:"))).isFalse();
        assertThat(records(rule(CPM, STORE.replace("o:", "cr:")))).isFalse();
        assertThat(records(rule(CPM.replace("o:", ""), STORE))).isFalse();
    }

    @Test
    void aRuleCountsWhileItIsValid() {
        assertThat(records(rule(CPM + validity("2026-11-22T13:00:00+02:00"), STORE))).isTrue();
        assertThat(records(rule(CPM + validity("2026-11-22T13:00:00Z"), STORE))).isFalse();
        assertThat(records(rule(CPM + validity("yesterday"), STORE))).isFalse();
        assertThat(records(rule(CPM + "<cr:validity/>", STORE))).isFalse();
    }

    private static String validity(String from) {
        return "<cr:validity><cr:from>%s</cr:from><cr:until>2027-01-01T00:00:00Z</cr:until></cr:validity>"
                .formatted(from);
    }

    @Test
    void aConditionThatNobodyKnowsNeverHolds() {
        assertThat(records(rule(CPM + "<cr:sphere value=\"work\"/>", STORE))).isFalse();
        assertThat(records(rule("<o:unheard/>" + CPM, STORE) + rule(CPM, STORE))).isTrue();
    }

    // N3
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "<ruleset/>",
                "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"><rule>",
                "<!DOCTYPE r [<!ENTITY a \"aaaa\">]>"
                        + "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\">&a;</ruleset>",
                "<ruleset xmlns=\"urn:ietf:params:xml:ns:common-policy\"/>more"
            })
    void whatIsNoDocumentOfRulesIsRefused(String xml) {
        assertThatThrownBy(() -> Ruleset.parse(Octets.utf8(xml)))
                .isInstanceOf(MalformedMessage.class);
    }

    // N3
    @Test
    void everyOctetThatChangesGivesRulesOrARefusal() {
        var xml = document(rule(CPM + validity("2026-11-22T13:00:00Z"), STORE));
        var random = new Random(4);
        for (int i = 0; i < xml.length(); i++) {
            var changed = new StringBuilder(xml);
            changed.setCharAt(i, (char) (' ' + random.nextInt(95)));
            tryToParse(changed.toString());
            tryToParse(xml.substring(0, i));
        }
    }

    private static void tryToParse(String xml) {
        try {
            Ruleset.parse(Octets.utf8(xml));
        } catch (MalformedMessage refused) {
            assertThat(refused).hasMessageStartingWith("ruleset: ");
        }
    }

    private static boolean records(String rules) {
        return Ruleset.parse(Octets.utf8(document(rules))).recordsHistory(NOW);
    }

    static String document(String rules) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\""
                + " xmlns:o=\"urn:oma:xml:xdm:extensions\" xmlns:x=\"urn:example:other\">"
                + rules
                + "</cr:ruleset>\n";
    }

    private static String rule(String conditions, String actions) {
        return "<cr:rule id=\"r\"><cr:conditions>%s</cr:conditions><cr:actions>%s</cr:actions></cr:rule>"
                .formatted(conditions, actions);
    }
}
