package org.fanfare.cpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

class FeatureTag_Test {

    private static Set<ServiceId> services(String... fields) {
        return AcceptContact.services(AcceptContact.parse(List.of(fields), Limits.DEFAULT));
    }

    @Test
    void serviceIsWrittenWithEscapesAndQuotes() { // reading 15
        assertThat(AcceptContact.of(ServiceId.MSG))
                .hasToString(
                        "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"");
    }

    @ParameterizedTest
    @EnumSource
    void everyServiceIsWrittenAndReadBack(ServiceId service) {
        assertThat(services(AcceptContact.of(service).toString())).containsExactly(service);
        assertThat(ServiceId.ofUrn(service.urn())).contains(service);
    }

    @Test
    void severalServicesInOneTagMeanAnyOfThem() {
        assertThat(
                        services(
                                "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg,"
                                    + " urn%3aURN%2D7%3a3gpp-service.ims.icsi.oma.cpm.LargeMsg,"
                                    + "urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel\""))
                .containsExactlyInAnyOrder(ServiceId.MSG, ServiceId.LARGEMSG);
    }

    @Test
    void severalValuesAndSeveralFieldsAreSeveralPredicates() {
        var values =
                AcceptContact.parse(
                        List.of(
                                "*;+sip.instance=\"<urn:gsma:imei:35469106-056673-0>\";explicit;require,*"
                                    + " ; +g.3gpp.icsi-ref ="
                                    + " \"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"",
                                "*;audio;methods=\"MESSAGE,INVITE\";REQUIRE"),
                        Limits.DEFAULT);

        assertThat(values).hasSize(3);
        assertThat(values.getFirst())
                .isEqualTo(AcceptContact.ofInstance("urn:gsma:imei:35469106-056673-0"));
        assertThat(values)
                .extracting(AcceptContact::namesInstance)
                .containsExactly(true, false, false);
        assertThat(values).extracting(AcceptContact::require).containsExactly(true, false, true);
        assertThat(AcceptContact.services(values)).containsExactly(ServiceId.MSG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*;audio;video;methods=\"MESSAGE,INVITE\"", // RFC 3840 9: they have no plus
                "*;+sip.description=\"<say \\\"hi\\\">\";explicit;require",
                "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel\""
            })
    void whatIsReadIsWrittenAsItWas(String value) {
        assertThat(AcceptContact.parse(List.of(value), Limits.DEFAULT))
                .singleElement()
                .hasToString(value);
    }

    @Test
    void onlyServicesOfCpmAreReplaced() {
        var cpm = "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.";
        var other = "urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";
        var tag =
                new FeatureTag(FeatureTag.ICSI_REF, other + ", " + cpm + "msg," + cpm + "largemsg");

        assertThat(tag.withServices(ServiceId::asLargeMessage).value())
                .isEqualTo(other + "," + cpm + "largemsg");
        assertThat(FeatureTag.ofInstance("urn:x").withServices(ServiceId::asLargeMessage))
                .isEqualTo(FeatureTag.ofInstance("urn:x"));
    }

    @Test
    void tagWithoutItsPlusIsTaken() { // reading 16
        long before = Leniency.FEATURE_TAG_WITHOUT_PLUS.count();

        assertThat(
                        services(
                                "*;G.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg.group\""))
                .containsExactly(ServiceId.MSG_GROUP);
        assertThat(Leniency.FEATURE_TAG_WITHOUT_PLUS.count()).isGreaterThan(before);
    }

    @Test
    void escapesAreUndoneOnce() {
        assertThat(
                        services(
                                "*;+g.3gpp.icsi-ref=\"urn%253Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""))
                .isEmpty();
        assertThat(services("*;+g.3gpp.icsi-ref=\"urn:urn-7:3gpp-service.ims.icsi.oma.cpm.ms%67\""))
                .containsExactly(ServiceId.MSG);
        assertThat(services("*;+g.3gpp.icsi-ref=\"%\"", "*;+g.3gpp.icsi-ref=\"%4\"")).isEmpty();
    }

    @Test
    void otherTagsNameNoService() {
        assertThat(
                        services(
                                "*;+g.3gpp.iari-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""))
                .isEmpty();
        assertThat(services("*", "*;+g.3gpp.icsi-ref")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "+g.3gpp.icsi-ref", "*;", "*;=x", "*;a=\"", "* x", "*,", "*;a=\"b\"c"})
    void whatIsNoAcceptContactIsRefused(String value) {
        assertThatThrownBy(() -> services(value))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("Accept-Contact: ");
    }

    @Test
    void contactTellsServicesAndInstance() {
        var contact =
                NameAddress.parse(
                        "<sip:alice@10.0.0.7;transport=tcp>;+sip.instance=\"<urn:gsma:imei:1>\""
                            + ";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"");
        var tags = FeatureTag.of(contact.parameters());

        assertThat(FeatureTag.services(tags)).containsExactly(ServiceId.LARGEMSG);
        assertThat(tags).contains(FeatureTag.ofInstance("urn:gsma:imei:1"));
    }

    @Test
    void firstServiceOfCpmInAFieldCounts() {
        assertThat(
                        ServiceId.ofHeader(
                                List.of(
                                        "urn:urn-7:3gpp-service.ims.icsi.mmtel",
                                        " urn:urn-7:3gpp-service.ims.icsi.oma.cpm.MSG.group ,"
                                                + "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg")))
                .contains(ServiceId.MSG_GROUP);
        assertThat(ServiceId.ofHeader(List.of("urn-7:3gpp-service.ims.icsi.oma.cpm.msg")))
                .isEmpty();
        assertThat(ServiceId.ofHeader(List.of())).isEmpty();
    }

    @Test
    void servicesTurnIntoOneAnother() { // reading 50
        assertThat(ServiceId.MSG.asLargeMessage()).isEqualTo(ServiceId.LARGEMSG);
        assertThat(ServiceId.MSG_GROUP.asLargeMessage()).isEqualTo(ServiceId.LARGEMSG_GROUP);
        assertThat(ServiceId.LARGEMSG_GROUP.asLargeMessage()).isEqualTo(ServiceId.LARGEMSG_GROUP);
        assertThat(ServiceId.MSG.forGroup(true)).isEqualTo(ServiceId.MSG_GROUP);
        assertThat(ServiceId.SESSION_GROUP.forGroup(false)).isEqualTo(ServiceId.SESSION);
        assertThat(ServiceId.MSG_GROUP.isGroup()).isTrue();
    }
}
