package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// What is refused before anybody looks at what a request wants (RFC 3261 8.2).
class ServerCapabilitiesTest {

    private static final ServerCapabilities SERVER = ServerCapabilities.DEFAULT;

    private static SipRequest withMethod(String method, String... lines) {
        var text = new String(Messages.with(lines), StandardCharsets.ISO_8859_1);
        return Messages.checked(Messages.octets(text.replace("MESSAGE", method)));
    }

    private static SipRequest withBody(String... lines) {
        var text =
                new String(Messages.with(lines), StandardCharsets.ISO_8859_1)
                        .replace("Content-Length: 0", "Content-Length: 1");
        return Messages.checked(Messages.octets(text + "x"));
    }

    private static OptionalInt refusal(ServerCapabilities server, SipRequest request) {
        var refusal = server.refusal(request);
        return refusal.isPresent() ? OptionalInt.of(refusal.get().status()) : OptionalInt.empty();
    }

    @Test
    void aKnownMethodThatIsNotServedIsNotAllowedAndAnUnknownOneNotImplemented() { // 8.2.1
        var known = SERVER.refusal(withMethod("PUBLISH")).orElseThrow().build();
        var unknown = SERVER.refusal(withMethod("FROBNICATE")).orElseThrow().build();

        assertThat(known.status()).isEqualTo(405);
        assertThat(unknown.status()).isEqualTo(501);
        assertThat(known.allow()).isEqualTo(SERVER.methods()).isEqualTo(unknown.allow());
    }

    @Test
    void anAckIsNeverRefused() {
        assertThat(SERVER.withMethods(List.of()).refusal(withMethod("ACK", "Require: x")))
                .isEmpty();
    }

    @Test
    void aCancelRequiresNothing() { // 8.2.2.3
        assertThat(SERVER.refusal(withMethod("CANCEL", "Require: x"))).isEmpty();
        assertThat(refusal(SERVER, withMethod("BYE", "Require: x"))).hasValue(420);
    }

    @Test
    void contentThatNobodyKnowsIsRefusedUnlessItIsOptional() { // 8.2.3
        var server = SERVER.withContentTypes(List.of(ContentType.of("text/*")));
        var refusal = server.refusal(withBody("Content-Type: image/png")).orElseThrow().build();

        assertThat(refusal.status()).isEqualTo(415);
        assertThat(refusal.header("Accept")).hasValue("text/*");
        assertThat(refusal.header("Accept-Encoding")).hasValue("deflate, gzip, identity");
        assertThat(refusal(server, withBody("Content-Type: text/html"))).isEmpty();
        assertThat(
                        refusal(
                                server,
                                withBody(
                                        "Content-Type: image/png",
                                        "Content-Disposition: icon;handling=optional")))
                .isEmpty();
        assertThat(refusal(server, Messages.checked(Messages.with("Content-Type: image/png"))))
                .isEmpty();
    }

    @Test
    void aCodingThatNobodyKnowsIsRefused() { // L8
        assertThat(refusal(SERVER, withBody("Content-Encoding: GZIP"))).isEmpty();
        assertThat(refusal(SERVER, withBody("Content-Encoding: br"))).hasValue(415);
        assertThat(refusal(SERVER.withContentEncodings(Set.of("identity")), withBody("e: gzip")))
                .hasValue(415);
    }

    @Test
    void extensionsHaveNoCase() {
        var server = SERVER.withExtensions(Set.of("foo"));

        assertThat(refusal(server, Messages.checked(Messages.with("Require: FOO")))).isEmpty();
        assertThat(refusal(server, Messages.checked(Messages.with("Require: timer"))))
                .hasValue(420);
    }

    @Test
    void theFirstReasonInTheOrderOfTheRfcCounts() { // 8.2
        var line = "FROBNICATE mailto:bob SIP/2.0";
        var text = new String(Messages.withRequestLine(line), StandardCharsets.ISO_8859_1);
        var octets = Messages.octets(text.replace("1 MESSAGE", "1 FROBNICATE"));

        assertThat(refusal(SERVER, Messages.checked(octets))).hasValue(501);
    }

    @Test
    void theCallerMustTakeTheAnswerToAnInvite() {
        assertThat(refusal(SERVER, withMethod("INVITE", "Accept: text/plain"))).hasValue(406);
        assertThat(refusal(SERVER, withMethod("INVITE", "Accept: application/*"))).isEmpty();
        assertThat(refusal(SERVER, withMethod("INVITE"))).isEmpty();
    }
}
