package org.fanfare.reginfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.reginfo.RegInfo.State;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalLong;

/// Documents of registration information (RFC 3680 5, RFC 5628).
class RegInfoTest {

    /// RFC 3680 5.3.
    private static final String EXAMPLE =
            """
            <?xml version="1.0"?>
                <reginfo xmlns="urn:ietf:params:xml:ns:reginfo"
                    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                             version="0" state="full">
                  <registration aor="sip:user@example.com" id="as9"
                                state="active">
                    <contact id="76" state="active" event="registered"
                             duration-registered="7322"
                             q="0.8">
                             <uri>sip:user@pc887.example.com</uri>
                    </contact>
                    <contact id="77" state="terminated" event="expired"
                             duration-registered="3600"
                             q="0.5">
                             <uri>sip:user@university.edu</uri>
                    </contact>
                  </registration>
                </reginfo>
            """;

    private static final String DEVICE =
            """
            <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" xmlns:g="urn:ietf:params:xml:ns:gruuinfo" \
            version="4294967295" state="partial">
              <other xmlns="urn:x"><contact id="0"/></other>
              <registration aor="sip:alice@home.example" id="r1" state="active">
                <contact id="c1" state="active" event="shortened" expires="3540">
                  <uri>sip:alice@10.0.0.7:5060;transport=tcp</uri>
                  <display-name>Alice's phone</display-name>
                  <unknown-param name="+sip.instance">"&lt;urn:gsma:imei:35469106-056673-0&gt;"</unknown-param>
                  <unknown-param name="+g.3gpp.icsi-ref">"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg"</unknown-param>
                  <unknown-param name="automata"></unknown-param>
                  <g:pub-gruu uri="sip:alice@home.example;gr=urn:gsma:imei:35469106-056673-0"/>
                </contact>
              </registration>
            </reginfo>
            """;

    private static RegInfo parse(String xml) {
        return RegInfo.parse(Octets.utf8(xml), Limits.DEFAULT);
    }

    @Test
    void theExampleOfTheStandardIsRead() {
        var document = parse(EXAMPLE);

        assertThat(document.version()).isZero();
        assertThat(document.full()).isTrue();
        var registration = document.registrations().getFirst();
        assertThat(registration.aor()).isEqualTo("sip:user@example.com");
        assertThat(registration.state()).isEqualTo(State.ACTIVE);
        assertThat(registration.contacts())
                .extracting(contact -> contact.address() + " " + contact.active())
                .containsExactly(
                        "<sip:user@pc887.example.com> true", "<sip:user@university.edu> false");
    }

    @Test
    void aDeviceComesWithItsParametersAsInContact() {
        var document = parse(DEVICE);

        assertThat(document.version()).isEqualTo(4294967295L);
        assertThat(document.full()).isFalse();
        var contact = document.registrations().getFirst().contacts().getFirst();
        assertThat(contact.expires()).isEqualTo(OptionalLong.of(3540));
        assertThat(contact.address())
                .hasToString(
                        "\"Alice's phone\" <sip:alice@10.0.0.7:5060;transport=tcp>"
                            + ";+sip.instance=\"<urn:gsma:imei:35469106-056673-0>\""
                            + ";+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""
                            + ";automata"
                            + ";pub-gruu=\"sip:alice@home.example;gr=urn:gsma:imei:35469106-056673-0\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {EXAMPLE, DEVICE})
    void whatIsWrittenIsReadAsTheSame(String xml) {
        var document = parse(xml);

        assertThat(RegInfo.parse(document.toXml(), Limits.DEFAULT)).isEqualTo(document);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "<reginfo version=\"0\" state=\"full\"/>", // of no namespace
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" state=\"full\"/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"0\"/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"-1\" state=\"full\"/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"4294967296\""
                        + " state=\"full\"/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"half\"/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\">",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\""
                        + " state=\"full\"/><a/>"
            })
    void whatIsNoDocumentIsRefused(String xml) {
        assertThatThrownBy(() -> parse(xml)).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<contact id=\"1\" state=\"active\" event=\"registered\"/>", // without uri
                "<contact state=\"active\" event=\"registered\"><uri>sip:a@b</uri></contact>",
                "<contact id=\"1\" event=\"registered\"><uri>sip:a@b</uri></contact>",
                "<contact id=\"1\" state=\"init\""
                        + " event=\"registered\"><uri>sip:a@b</uri></contact>",
                "<contact id=\"1\" state=\"active\" event=\"x\"><uri>no uri</uri></contact>",
                "<contact id=\"1\" state=\"active\" event=\"x\" expires=\"soon\">"
                        + "<uri>sip:a@b</uri></contact>",
                "<contact id=\"1\" state=\"active\" event=\"x\"><uri>sip:a@b</uri>"
                        + "<unknown-param name=\"a;b\">1</unknown-param></contact>",
                "<contact id=\"1\" state=\"active\" event=\"x\"><uri>sip:a@b</uri>"
                        + "<unknown-param name=\"a\">1&#13;&#10;Evil: 2</unknown-param></contact>",
                "<contact id=\"1\" state=\"active\" event=\"x\"><uri>sip:a@b</uri>"
                        + "<display-name>a&#10;b</display-name></contact>"
            })
    void aContactThatIsNoneIsRefused(String contact) {
        assertThatThrownBy(() -> parse(document(contact))).isInstanceOf(MalformedMessage.class);
    }

    private static String document(String contacts) {
        return "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"0\" state=\"full\">"
                + "<registration aor=\"sip:a@b\" id=\"1\" state=\"active\">"
                + contacts
                + "</registration></reginfo>";
    }

    @Test // L1 L2
    void noDocumentTypeIsLookedAt() {
        var xml = "<!DOCTYPE reginfo [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + EXAMPLE;

        assertThatThrownBy(() -> parse(xml.replace("<?xml version=\"1.0\"?>", "")))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test // L3
    void nothingNestsDeep() {
        var deep = "<a xmlns=\"urn:x\">".repeat(10) + "</a>".repeat(10);

        assertThatThrownBy(() -> parse(document(deep))).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void moreContactsThanAUserCanHaveAreRefused() {
        var contact =
                "<contact id=\"%d\" state=\"active\" event=\"registered\"><uri>sip:a@b</uri>"
                        + "</contact>";

        assertThatThrownBy(() -> parse(document(contact.repeat(101))))
                .isInstanceOf(MalformedMessage.class);
        assertThat(parse(document(contact.repeat(100))).registrations()).hasSize(1);
    }

    @Test
    void aParameterMoreThanThereMayBeIsRefused() {
        var many =
                new StringBuilder(
                        "<contact id=\"1\" state=\"active\" event=\"x\"><uri>sip:a@b</uri>");
        for (int i = 0; i <= Limits.DEFAULT.uriParameters(); i++) {
            many.append("<unknown-param name=\"p").append(i).append("\">1</unknown-param>");
        }

        assertThatThrownBy(() -> parse(document(many + "</contact>")))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aDocumentThatIsTooLongIsNotLookedAt() {
        var limits = Limits.DEFAULT.with("listOctets", 100);

        assertThatThrownBy(() -> RegInfo.parse(Octets.utf8(EXAMPLE), limits))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(413));
    }
}
