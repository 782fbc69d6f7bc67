package org.fanfare.cpm;

import org.fanfare.testing.Mutations;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Broken field values: a value or a [MalformedMessage] from every reader.
class CpmMutationsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg,x\";require,*;a",
                "399 pf.home.example \"127 Service \\\"not\\\" authorised\", 102 \"Too many"
                        + " recipients\"",
                "CPM-client/OMA2.2 RCS-client/UP_2.4 (comment) term-Vendor/Model-1.0",
                "0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11",
                "4294967295;x",
                "id;critical,none"
            })
    void anyChangeIsAValueOrMalformed(String value) {
        var octets = Octets.utf8(value);

        Mutations.prefixes(octets, CpmMutationsTest::valuesOrMalformed);
        Mutations.oneOctetChanges(octets, CpmMutationsTest::valuesOrMalformed);
        Mutations.seeded(
                octets, List.of(octets), 1, Mutations.count(), CpmMutationsTest::valuesOrMalformed);
    }

    private static void valuesOrMalformed(Octets octets) {
        var value = octets.utf8();
        valueOrMalformed(
                () -> AcceptContact.services(AcceptContact.parse(List.of(value), Limits.DEFAULT)));
        valueOrMalformed(() -> Warning.firstKnown(List.of(value)));
        valueOrMalformed(() -> ReleaseVersion.find(value));
        valueOrMalformed(() -> ReleaseVersion.parse(value));
        valueOrMalformed(() -> ContributionId.parse(value));
        valueOrMalformed(() -> ConversationId.parse(value));
        valueOrMalformed(() -> MessageUid.parse(value));
        valueOrMalformed(() -> Privacy.parse(List.of(value)).anonymityRequested());
        valueOrMalformed(() -> ServiceId.ofHeader(List.of(value)));
    }

    private static void valueOrMalformed(Runnable reader) {
        try {
            reader.run();
        } catch (MalformedMessage e) {
            if (e.offset() < 0 || e.reason().isEmpty()) {
                throw new AssertionError(e);
            }
        }
    }
}
