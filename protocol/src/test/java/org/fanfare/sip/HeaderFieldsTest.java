package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Every header field that has a type: what it reads, and what it refuses.
class HeaderFieldsTest {

    private static SipRequest with(String... lines) {
        return Messages.checked(Messages.with(lines));
    }

    @Test
    void identity() {
        var request =
                with(
                        "P-Asserted-Identity: \"A, B\" <sip:a@b>, tel:+1-555",
                        "P-Asserted-Identity: <sip:c@d>",
                        "P-Preferred-Identity: <sip:e@f>",
                        "Reply-To: Bob <sip:g@h>;x=y",
                        "Privacy: id; User",
                        "Privacy: header");

        assertThat(request.assertedIdentities())
                .extracting(address -> address.uri().toString())
                .containsExactly("sip:a@b", "tel:+1-555", "sip:c@d");
        assertThat(request.assertedIdentities().getFirst().displayName()).isEqualTo("A, B");
        assertThat(request.preferredIdentities()).hasSize(1);
        assertThat(request.replyTo().orElseThrow().displayName()).isEqualTo("Bob");
        assertThat(request.privacy()).containsExactly("id", "user", "header");
    }

    @Test
    void services() {
        var request =
                with(
                        "P-Asserted-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg",
                        "P-Preferred-Service: urn:urn-7:a, urn:urn-7:b");

        assertThat(request.assertedServices())
                .containsExactly("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
        assertThat(request.preferredServices()).containsExactly("urn:urn-7:a", "urn:urn-7:b");
    }

    @Test
    void featureTagsOfAcceptContact() {
        var request =
                with(
                        "Accept-Contact:"
                                + " *;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3Aa,urn%3Aurn-7%3Ab\";require",
                        "a: *;explicit");

        var first = request.acceptContact().getFirst();

        assertThat(first.token()).isEqualTo("*");
        assertThat(first.parameters().value("+g.3gpp.icsi-ref"))
                .hasValue("urn%3Aurn-7%3Aa,urn%3Aurn-7%3Ab");
        assertThat(first.parameters().has("require")).isTrue();
        assertThat(request.acceptContact()).hasSize(2);
        assertThat(request.headerValues("Accept-Contact")).hasSize(2);
    }

    @Test
    void identifiersOfCpm() {
        var request =
                with(
                        "Conversation-ID: f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
                        "Contribution-ID: abc",
                        "InReplyTo-Contribution-ID: def",
                        "Message-UID: 42",
                        "Message-Expires: 3600",
                        "Subject: Gr\u00c3\u00bc\u00c3\u009fe, alle");

        assertThat(request.conversationId()).hasValue("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
        assertThat(request.contributionId()).hasValue("abc");
        assertThat(request.inReplyToContributionId()).hasValue("def");
        assertThat(request.messageUid()).hasValue("42");
        assertThat(request.messageExpires()).hasValue(3600);
        assertThat(request.subject()).hasValue("Grüße, alle");
    }

    @Test
    void timesAndCounts() {
        var request =
                with(
                        "Expires: 4294967295",
                        "Min-Expires: 60",
                        "Date: Sat, 13 Nov 2010 23:29:00 GMT",
                        "Retry-After: 18000 (I'm (still) \\) away);duration=3600",
                        "Session-Expires: 1800;refresher=uac",
                        "Min-SE: 90",
                        "Max-Breadth: 60");

        assertThat(request.expires()).hasValue(4_294_967_295L);
        assertThat(request.minExpires()).hasValue(60);
        assertThat(request.date()).hasValue(Instant.parse("2010-11-13T23:29:00Z"));
        assertThat(request.retryAfter().orElseThrow().seconds()).isEqualTo(18_000);
        assertThat(request.retryAfter().orElseThrow().parameters().value("duration"))
                .hasValue("3600");
        assertThat(request.sessionExpires().orElseThrow()).hasToString("1800;refresher=uac");
        assertThat(request.minSe().orElseThrow().seconds()).isEqualTo(90);
        assertThat(request.maxBreadth()).hasValue(60);
        assertThat(request.maxForwards()).hasValue(70);
    }

    @Test
    void content() {
        var request =
                with(
                        "c: Multipart/Mixed; boundary=\"a b\"",
                        "Content-Disposition: Recipient-List;handling=optional",
                        "e: gzip, deflate",
                        "Accept: text/*;q=0.5, application/sdp",
                        "Accept:");

        var type = request.contentType().orElseThrow();

        assertThat(type.type()).isEqualTo("multipart/mixed");
        assertThat(type.isMultipart()).isTrue();
        assertThat(type.parameter("boundary")).hasValue("a b");
        assertThat(request.contentDisposition().orElseThrow().is("recipient-list")).isTrue();
        assertThat(request.contentEncodings()).containsExactly("gzip", "deflate");
        assertThat(request.accept()).extracting(ContentType::type).hasSize(2);
        assertThat(request.accept().getFirst().accepts("text/plain")).isTrue();
        assertThat(request.accept().getFirst().accepts("textual/plain")).isFalse();
        assertThat(ContentType.of("*/*").accepts("a/b")).isTrue();
    }

    @Test
    void options() {
        var request =
                with(
                        "Require: recipient-list-message",
                        "Proxy-Require: sec-agree",
                        "k: timer,\r\n path",
                        "Supported:",
                        "Unsupported: foo",
                        "Allow: MESSAGE, FROBNICATE");

        assertThat(request.require()).containsExactly("recipient-list-message");
        assertThat(request.proxyRequire()).containsExactly("sec-agree");
        assertThat(request.supported()).containsExactly("timer", "path");
        assertThat(request.unsupported()).containsExactly("foo");
        assertThat(request.allow()).containsExactly(Method.MESSAGE, Method.of("FROBNICATE"));
    }

    @Test
    void routing() {
        var request =
                with(
                        "Route: <sip:a;lr>, \"p, q\" <sip:b;lr>;x=y",
                        "Record-Route: <sip:c;lr>",
                        "Path: <sip:d;lr>",
                        "m: <sip:e@f>;expires=60;q=0.7, sip:g@h",
                        "Via: SIP/2.0/TCP"
                            + " [2001:db8::1]:5070;rport;received=192.0.2.7;maddr=m;branch=z9hG4bKx");

        assertThat(request.routes()).hasSize(2);
        assertThat(request.recordRoutes()).hasSize(1);
        assertThat(request.path()).hasSize(1);
        var contacts = request.contacts();
        assertThat(contacts).hasSize(2);
        assertThat(((Contact.Address) contacts.getFirst()).expires()).hasValue(60);
        assertThat(((Contact.Address) contacts.getFirst()).preference()).isEqualTo(700);
        assertThat(((Contact.Address) contacts.getLast()).preference()).isEqualTo(1000);
        var via = request.vias().getLast();
        assertThat(via.wantsRport()).isTrue();
        assertThat(via.rport()).isEmpty();
        assertThat(via.received()).hasValue("192.0.2.7");
        assertThat(via.maddr()).hasValue("m");
        assertThat(via.port()).isEqualTo(5070);
        assertThat(via.hasUniqueBranch()).isTrue();
    }

    @Test
    void aContactMayBeAStar() {
        assertThat(with("Contact: *").contacts()).containsExactly(new Contact.All());
        assertThat(with("Contact: *").contacts().getFirst().asAddress()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999x", "x", "0000000000000000000060", "4294967295"})
    void expiresOfAContactMayBeMalformedButNotTooLarge(String expires) { // RFC 3261 10.3
        assertThat(with("Contact: <sip:a@b>;expires=" + expires).contacts()).hasSize(1);
    }

    @Test
    void warningsAndReasons() {
        var request =
                with(
                        "Warning: 399 pf.example \"102 Too many, recipients\", 370 h:5060 \"b\"",
                        "Reason: SIP;cause=200;text=\"Call completed\", Q.850;cause=16");

        assertThat(request.warnings())
                .containsExactly(
                        new Warning(399, "pf.example", "102 Too many, recipients"),
                        new Warning(370, "h:5060", "b"));
        assertThat(request.warnings().getFirst())
                .hasToString("399 pf.example \"102 Too many, recipients\"");
        assertThat(request.reasons()).hasSize(2);
        assertThat(request.reasons().getFirst().is("sip")).isTrue();
        assertThat(request.reasons().getFirst().parameters().value("text"))
                .hasValue("Call completed");
    }

    @Test
    void credentialsStayAsTheyAre() {
        var request =
                with(
                        "Authorization: Digest username=\"a\", realm=\"b, c\"",
                        "Authorization: NoOneKnowsThisScheme opaque-data=here",
                        "Proxy-Authorization: Digest username=\"a\"",
                        "WWW-Authenticate: Digest realm=\"x\"",
                        "Proxy-Authenticate: Digest realm=\"y\"");

        assertThat(request.authorizations())
                .containsExactly(
                        new Credentials("Digest", "username=\"a\", realm=\"b, c\""),
                        new Credentials("NoOneKnowsThisScheme", "opaque-data=here"));
        assertThat(request.authorizations().getFirst().isDigest()).isTrue();
        assertThat(request.proxyAuthorizations()).hasSize(1);
        assertThat(request.challenges()).hasSize(1);
        assertThat(request.proxyChallenges()).hasSize(1);
        assertThat(request.headerValues("Authorization")).hasSize(2);
    }

    @Test
    void programs() {
        var request = with("User-Agent: CPM-client/OMA2.2 (x, y)", "Server: CPM-serv/OMA2.2");

        assertThat(request.userAgent()).hasValue("CPM-client/OMA2.2 (x, y)");
        assertThat(request.server()).hasValue("CPM-serv/OMA2.2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P-Asserted-Identity: ",
                "P-Asserted-Identity: <sip:a@b>,",
                "P-Asserted-Identity: <sip:a@b>,,<sip:c@d>",
                "P-Asserted-Service: ",
                "P-Asserted-Service: nothing",
                "Privacy: ",
                "Privacy: id;;user",
                "Reply-To: <sip:a@b>, <sip:c@d>",
                "Accept-Contact: ;a=b",
                "Accept-Contact: *;a;a",
                "Conversation-ID: a b",
                "Conversation-ID: ",
                "Contribution-ID: \"a\"",
                "Message-UID: a/b",
                "Message-Expires: -1",
                "Expires: 1.5",
                "Retry-After: soon",
                "Retry-After: 5 (open",
                "Session-Expires: x",
                "Min-SE: ",
                "c: text",
                "c: /plain",
                "c: text/plain;",
                "Content-Disposition: ;x=y",
                "Content-Encoding: ",
                "Accept: text",
                "Require: ",
                "Require: a b",
                "Allow: a,,b",
                "Route: sip:a;lr",
                "Route: ",
                "Record-Route: <sip:a>>",
                "Contact: *, <sip:a@b>",
                "Contact: <sip:a@b>;q=2",
                "Via: SIP/2.0/UDP a;;branch=b",
                "Via: SIP/2.0/UDP a;branch=",
                "Via: SIP/2.0/UDP a:b",
                "Via: SIP/2.0 UDP a",
                "Warning: 39 a \"b\"",
                "Warning: 3999 a \"b\"",
                "Warning: 399 a b",
                "Warning: 399 \"b\"",
                "Reason: ;cause=1",
                "Authorization: Digest",
                "Authorization: Digest username=\"a",
                "Max-Breadth: many"
            })
    void theseAreRefused(String line) {
        assertThatThrownBy(() -> with(line))
                .isInstanceOf(MalformedSip.class)
                .hasMessageContaining("expected ")
                .hasMessageContaining(" at octet ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a|Accept-Contact",
                "c|Content-Type",
                "e|Content-Encoding",
                "f|From",
                "i|Call-ID",
                "k|Supported",
                "l|Content-Length",
                "m|Contact",
                "s|Subject",
                "t|To",
                "v|Via",
                "x|Session-Expires",
                "o|Event",
                "r|Refer-To",
                "b|Referred-By",
                "u|Allow-Events"
            })
    void compactFormsAreTheirLongForms(String compact, String name) {
        assertThat(HeaderName.longForm(compact)).isEqualTo(name);
        assertThat(HeaderName.longForm(compact.toUpperCase(Locale.ROOT))).isEqualTo(name);
        assertThat(HeaderName.compactForm(name)).isEqualTo(compact.charAt(0));
        var request = (SipRequest) Messages.parse(Messages.with(compact + ": 0"));
        assertThat(request.headers().all(name)).contains("0");
        assertThat(request.headers().all(compact)).contains("0");
        assertThat(new HeaderField(compact, "x").isNamed(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "!", "d", "q", "%", "Contact2"})
    void otherNamesAreUnknownAndTakeAnyText(String name) {
        assertThat(with(name + ": ;;,\"<").header(name)).hasValue(";;,\"<");
    }

    @Test
    void aWholeRequestInCompactFormIsRead() {
        var request =
                Messages.checked(
                        Messages.lines(
                                List.of(
                                        Messages.REQUEST_LINE,
                                        "v: SIP/2.0/UDP a;branch=z9hG4bK1",
                                        "f: <sip:a@b>;tag=1",
                                        "t: <sip:c@d>",
                                        "i: x",
                                        "cseq: 1 MESSAGE",
                                        "l: 0")));

        assertThat(request.callId()).isEqualTo("x");
        assertThat(request.topBranch().ascii()).isEqualTo("z9hG4bK1");
    }

    @Test
    void listsAreSplitOutsideQuotesAndBracketsOnly() {
        var request =
                (SipRequest)
                        Messages.parse(
                                Messages.with(
                                        "X-List: a, \"b,\\\",c\" <sip:d,e>;f=\"g,h\" ,, i,",
                                        "x-list: j",
                                        "Subject: a, b"));

        assertThat(request.headerValues("X-List"))
                .containsExactly("a", "\"b,\\\",c\" <sip:d,e>;f=\"g,h\"", "i", "j");
        assertThat(request.headerValues("Subject")).containsExactly("a, b");
        assertThat(request.headers().all("x-LIST")).hasSize(2);
        assertThat(request.header("nothing")).isEmpty();
    }

    @Test
    void fieldsAreSeenInTheirOrderAsWritten() {
        var request = with("ZeBrA:  stripes ");

        var fields = request.headers().iterator();

        assertThat(fields.next().name()).isEqualTo("Via");
        assertThat(request.headers()).contains(new HeaderField("ZeBrA", "stripes"));
        assertThat(request.headers().size()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIP/2.0/UDP h;branch=z9hG4bKa|z9hG4bKa",
                "SIP/2.0/UDP h ; BRANCH = z9hG4bKa ;x|z9hG4bKa",
                "SIP/2.0/UDP h;x=\";branch=no\";branch=yes|yes",
                "SIP/2.0/UDP h;branching=no;branch=yes|yes",
                "SIP/2.0/UDP h;xbranch=no|''",
                "SIP/2.0/UDP h, SIP/2.0/UDP i;branch=no|''",
                "SIP/2.0/UDP h;branch|''",
                "SIP/2.0/UDP h;branch=|''"
            })
    void theTopBranchIsFoundWithoutReading(String via, String branch) {
        var request = (SipRequest) Messages.parse(Messages.replacing("Via", "Via: " + via));

        assertThat(request.topBranch().ascii()).isEqualTo(branch);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SIP/2.0/UDP h;branch=z9hG4bKa|1",
                "SIP/2.0/UDP h;x=\"a,b\\\\\"\";branch=a|1",
                "SIP/2.0/UDP h;branch=a, SIP/2.0/UDP i|2",
                "SIP/2.0/UDP h,SIP/2.0/UDP i,SIP/2.0/UDP j|3"
            })
    void theViasOfOneLineAreCountedWithoutReading(String via, int count) {
        var request = Messages.parse(Messages.replacing("Via", "Via: " + via));

        assertThat(request.viaCount()).isEqualTo(count);
    }

    @Test
    void theViasOfAllLinesAreCounted() {
        var request =
                Messages.parse(Messages.replacing("Via", "v: SIP/2.0/UDP h\r\nVia: SIP/2.0/UDP i"));

        assertThat(request.viaCount()).isEqualTo(2);
    }

    @Test
    void theMethodOfCSeqIsFoundWithoutReading() {
        assertThat(Messages.parse(Messages.with()).cseqMethod()).isSameAs(Method.MESSAGE);
        var odd = Messages.parse(Messages.replacing("CSeq", "CSeq:  0007\r\n \tFOO"));
        assertThat(odd.cseqMethod()).isEqualTo(Method.of("FOO"));
        assertThat(Messages.parse(Messages.replacing("CSeq")).cseqMethod())
                .isEqualTo(Method.of("-"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sat, 13 Nov 2010 23:29:00 EST",
                "Sat, 13 Nov 2010 23:29:00",
                "Sat, 31 Feb 2010 23:29:00 GMT",
                "Sat, 13 Nov 10 23:29:00 GMT",
                "Xxx, 13 Nov 2010 23:29:00 GMT",
                "2010-11-13T23:29:00Z",
                "Sat, 13 Nov 2010 24:29:00 GMT",
                "Sat, 13 Nov 2010 23:29:00 GMT+1"
            })
    void datesAreInGmtAndOfTheCalendar(String date) { // W2
        assertThatThrownBy(() -> SipDate.parse(date)).isInstanceOf(MalformedMessage.class);
        assertThat(with("Date: " + date).date()).isEmpty();
    }

    @Test
    void datesAreWrittenAsTheyAreRead() {
        var instant = Instant.parse("2106-02-07T06:28:15Z");

        assertThat(SipDate.format(instant)).isEqualTo("Sun, 07 Feb 2106 06:28:15 GMT");
        assertThat(SipDate.parse(SipDate.format(instant))).isEqualTo(instant);
        assertThat(SipDate.parse("Sun, 07 Feb 2106 06:28:60 GMT"))
                .isEqualTo(instant.plusSeconds(44));
    }

    @Test
    void aTypedValueThatIsMissingSaysSo() {
        var request = (SipRequest) Messages.parse(Messages.replacing("From"));

        assertThatThrownBy(request::from)
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("From: expected one, found none");
    }
}
