package org.fanfare.uri;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of RFC 3261 19.1.4 and RFC 3966 4, and keys by which duplicates are found.
class UriComparison_19_1_4_Test {

    @ParameterizedTest
    @CsvSource({
        "sip:%61lice@atlanta.com;transport=TCP, sip:alice@AtLanTa.CoM;Transport=tcp",
        "sip:carol@chicago.com, sip:carol@chicago.com;newparam=5",
        "sip:carol@chicago.com;newparam=5, sip:carol@chicago.com;security=on",
        "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com,"
                + " sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
        "sip:alice@atlanta.com?subject=project%20x&priority=urgent,"
                + " sip:alice@atlanta.com?priority=urgent&subject=project%20x",
        "SIP:alice@atlanta.com, sip:alice@atlanta.com",
        "sip:alice@[2001:db8::1], sip:alice@[2001:DB8:0:0::0001]",
        "tel:+1-201-555-0123, tel:+12015550123",
        "'tel:+1.201(555)0123;ext=1-2', tel:+12015550123;EXT=12",
        "tel:863-1234;phone-context=+1-914-555, tel:8631234;phone-context=+1914555",
        "tel:7042;phone-context=EXAMPLE.com, tel:7042;phone-context=example.com",
        "tel:+12015550123;a=1;b=2, tel:+12015550123;b=2;a=1",
        "URN:service:sos, urn:service:sos"
    })
    void theseAreTheSame(String one, String other) {
        assertThat(Uri.parse(one).matches(Uri.parse(other))).isTrue();
        assertThat(Uri.parse(other).matches(Uri.parse(one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "SIP:ALICE@AtLanTa.CoM;Transport=udp, sip:alice@AtLanTa.CoM;Transport=UDP",
        "sip:bob@biloxi.com, sip:bob@biloxi.com:5060",
        "sip:bob@biloxi.com, sip:bob@biloxi.com;transport=udp",
        "sip:bob@biloxi.com, sip:bob@biloxi.com:6000;transport=tcp",
        "sip:carol@chicago.com, sip:carol@chicago.com?Subject=next%20meeting",
        "sip:bob@phone21.boxesbybob.com, sip:bob@192.0.2.4",
        "sip:carol@chicago.com;security=on, sip:carol@chicago.com;security=off",
        "sip:alice@atlanta.com, sips:alice@atlanta.com",
        "sip:alice@atlanta.com, sip:atlanta.com",
        "sip:alice:x@atlanta.com, sip:alice@atlanta.com",
        "sip:alice@atlanta.com, sip:alice@atlanta.com;user=ip",
        "sip:alice@atlanta.com, sip:alice@atlanta.com;maddr=192.0.2.1",
        "sip:alice%3Bx@atlanta.com, sip:alice;x@atlanta.com",
        "sip:%00@host5.example.com, sip:%00%00@host5.example.com",
        "tel:+12015550123, tel:12015550123;phone-context=example.com",
        "tel:+12015550123, tel:+12015550123;ext=1",
        "tel:7042;phone-context=example.com, tel:7042;phone-context=example.org",
        "tel:+12015550123, sip:+12015550123@example.com;user=phone",
        "urn:service:sos, urn:service:test"
    })
    void theseAreNotTheSame(String one, String other) {
        assertThat(Uri.parse(one).matches(Uri.parse(other))).isFalse();
        assertThat(Uri.parse(other).matches(Uri.parse(one))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "sip:alice@EX.com, sip:alice@ex.com",
        "sip:alice@ex.com., sip:alice@ex.com",
        "sip:%61lice@ex.com, sip:alice@ex.com",
        "sip:alice@ex.com:5060, sip:alice@ex.com",
        "sips:alice@ex.com:5061, sips:alice@ex.com",
        "sip:alice@ex.com;transport=tcp, sip:alice@ex.com",
        "sip:alice@ex.com?Subject=x, sip:alice@ex.com",
        "sip:alice:secret@ex.com, sip:alice@ex.com",
        "sip:a%20b@ex.com, sip:a%20b@ex.com",
        "sip:a%c3%a4@ex.com, sip:a%C3%A4@ex.com",
        "sip:alice@[2001:DB8::1], sip:alice@[2001:db8:0:0:0:0:0:1]",
        "sip:alice@[::ffff:192.0.2.1], sip:alice@[0:0:0:0:0:ffff:c000:201]",
        "sip:alice@ex.com;gr=urn:x%61, sip:alice@ex.com;gr=urn:xa",
        "sip:+1-555-01@ex.com;user=phone, tel:+155501",
        "sip:+1555@other.com;user=PHONE, tel:+1555",
        "tel:+1-555, tel:+1555",
        "tel:+1555;EXT=1-2;a=b, tel:+1555;a=b;ext=12",
        "sip:1555@ex.com;user=phone, sip:1555@ex.com;user=phone",
        "sip:+1555@ex.com, sip:+1555@ex.com",
        "mailto:a@b, mailto:a@b"
    })
    void theCanonicalFormIsTheKey(String uri, String canonical) { // I6, L6
        assertThat(Uri.parse(uri).canonical()).isEqualTo(canonical);
        assertThat(Uri.parse(canonical).canonical()).isEqualTo(canonical);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:Alice@ex.com, sip:alice@ex.com",
        "sip:a@ex.com:5070, sip:a@ex.com",
        "sip:a@ex.com, sips:a@ex.com",
        "sip:null-%00@ex.com, sip:null-@ex.com",
        "sip:a%2540@ex.com, sip:a%40@ex.com",
        "sip:+1555@ex.com, tel:+1555"
    })
    void otherPeopleHaveOtherKeys(String one, String other) { // I6
        assertThat(Uri.parse(one).canonical()).isNotEqualTo(Uri.parse(other).canonical());
    }
}
