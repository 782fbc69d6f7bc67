package org.fanfare.cpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

class Identifiers_Test {

    @Test
    @Clause("7.2.1.1/13")
    void newIdentifiersAreDifferentUuids() {
        var random = new SplittableRandom(1);
        var seen = new HashSet<String>();
        for (int i = 0; i < 1000; i++) {
            assertThat(ContributionId.random(random).value())
                    .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
            seen.add(ContributionId.random(random).value());
            seen.add(ConversationId.random(random).value());
        }
        assertThat(seen).hasSize(2000);
    }

    @ParameterizedTest
    @CsvSource({"1,true", "127,true", "128,true", "129,false"})
    void tokensUpToTheLimitAreTaken(int length, boolean taken) {
        var text = "a".repeat(length);
        if (taken) {
            assertThat(ContributionId.parse(" " + text + " ").value()).isEqualTo(text);
            assertThat(ConversationId.parse(text)).hasToString(text);
        } else {
            assertThatThrownBy(() -> ContributionId.parse(text))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("at most 128");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "\"a\"", "a;b", "a\r\nb", "é", "a@b"})
    void whatIsNoTokenIsRefused(String text) {
        assertThatThrownBy(() -> ContributionId.parse(text))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("Contribution-ID: ");
        assertThatThrownBy(() -> ConversationId.parse(text))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("Conversation-ID: ");
    }

    @Test
    void identifiersAreComparedAsTheyAre() {
        assertThat(ContributionId.parse("abc")).isNotEqualTo(ContributionId.parse("ABC"));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "4294967295,4294967295", "' 17 ;uidvalidity=4',17", "007,7"})
    void uidIsRead(String text, long uid) {
        assertThat(MessageUid.parse(text).value()).isEqualTo(uid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-1", "4294967296", "99999999999999999999", "x", ";1", "1 2", "١"})
    void whatIsNoUidIsRefused(String text) {
        assertThatThrownBy(() -> MessageUid.parse(text)).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @CsvSource({
        "CPM-client/OMA2.2 RCS-client/UP_2.4,2,2",
        "RCS-client/UP_2.4 term-Vendor/Model 1.0 cpm-CLIENT/oma1.0,1,0",
        "CPM-serv/OMA2.10,2,10",
        "(CPM-client/OMA3.0),3,0"
    })
    void releaseIsFoundAnywhereInTheProducts(String products, int major, int minor) {
        assertThat(ReleaseVersion.find(products)).contains(new ReleaseVersion(major, minor));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "CPM-client",
                "CPM-client/2.2",
                "CPM-client/OMA2",
                "XCPM-client/OMA2.2",
                "CPM-other/OMA2.2",
                "CPM-client/OMA99999.1",
                "CPM-client/OMA2.99999"
            })
    void otherProductsHaveNoRelease(String products) {
        assertThat(ReleaseVersion.find(products)).isEmpty();
    }

    @Test
    void releasesCompareAsNumbers() {
        assertThat(ReleaseVersion.parse("OMA2.10").isAtLeast(ReleaseVersion.parse("2.9"))).isTrue();
        assertThat(ReleaseVersion.parse("oma1.9").isAtLeast(ReleaseVersion.parse("OMA2.0")))
                .isFalse();
        assertThat(ReleaseVersion.OMA_2_2.isAtLeast(ReleaseVersion.OMA_2_2)).isTrue();
        assertThat(ReleaseVersion.OMA_2_2.clientProduct()).isEqualTo("CPM-client/OMA2.2");
        assertThat(ReleaseVersion.OMA_2_2.serverProduct()).isEqualTo("CPM-serv/OMA2.2");
        assertThatThrownBy(() -> ReleaseVersion.parse("two")).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @CsvSource({
        "id,true",
        "ID;critical,true",
        "user,true",
        "header,true",
        "'critical, id',true",
        "none,false",
        "id;none,false",
        "session,false",
        "critical,false",
        "'',false"
    })
    void anonymityIsAskedForByIdUserOrHeader(String field, boolean asked) { // I8
        assertThat(Privacy.parse(List.of(field)).anonymityRequested()).isEqualTo(asked);
    }

    @Test
    void valuesOfSeveralPrivacyFieldsBelongTogether() {
        assertThat(Privacy.parse(List.of("critical", "id")).anonymityRequested()).isTrue();
        assertThat(Privacy.parse(List.of("id", "none")).anonymityRequested()).isFalse();
        assertThat(Privacy.parse(List.of())).isEqualTo(Privacy.NONE_ASKED);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:anonymous@anonymous.invalid,true",
        "sip:x@Anonymous.Invalid,true",
        "sip:Anonymous@home.example,true",
        "sip:alice@home.example,false",
        "tel:+1555,false"
    })
    void fromCanHideWhoSends(String uri, boolean anonymous) { // I8
        assertThat(Privacy.isAnonymous(Uri.parse(uri))).isEqualTo(anonymous);
    }
}
