package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.ALICE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CLOCK;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.client.HandledMessage.Party;
import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ServiceId;
import org.fanfare.sip.Method;
import org.fanfare.testing.Clause;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;

/// What the synchronisation with the message store has to know of messages that came.
class ReceivedMessageTest {

    private static final Uri BOB = Uri.parse("sip:bob@far.example");

    private static HandledMessage handled(
            String from, String to, String direction, ServiceId service) {
        var cpim =
                CpimMessage.builder()
                        .from(CpimAddress.of(Uri.parse(from)))
                        .to(CpimAddress.of(Uri.parse(to)))
                        .dateTime(CLOCK.instant())
                        .header(CpimHeader.CPM_NAMESPACE, "Message-Direction", direction)
                        .content(Payload.text("Hello"))
                        .build();
        var request =
                Requests.start(
                                Method.MESSAGE,
                                Uri.parse(ALICE),
                                NameAddress.parse("<" + from + ">"),
                                Uri.parse(ALICE),
                                Tokens.secure())
                        .header("Conversation-ID", "conv-1")
                        .header("Contribution-ID", "cont-1")
                        .header("P-Asserted-Service", service.urn())
                        .body("message/cpim", cpim.toOctets())
                        .build();
        return ReceivedMessage.of(request, SETTINGS.limits()).handled().orElseThrow();
    }

    @Clause("7.2.1.1/19.a")
    @Test
    void theOtherPartyOfAMessageFromSomebodyIsWhoSentIt() {
        var handled =
                handled(BOB.toString(), "sip:exploder@far.example", "received", ServiceId.MSG);

        assertThat(handled.sent()).isFalse();
        assertThat(handled.party()).isEqualTo(new Party.One(BOB));
    }

    @Clause("7.2.1.1/19.a")
    @Test
    void theOtherPartyOfACopyFromAnOwnDeviceIsWhomItWasSentTo() {
        var handled = handled(ALICE, BOB.toString(), "sent", ServiceId.MSG);

        assertThat(handled.sent()).isTrue();
        assertThat(handled.party()).isEqualTo(new Party.One(BOB));
    }

    @Clause("7.2.1.1/19.a.group")
    @Test
    void aCopyFromAnOwnDeviceOfAMessageToManyIsAGroupMessage() {
        var handled = handled(ALICE, "sip:exploder@far.example", "sent", ServiceId.MSG_GROUP);

        assertThat(handled.sent()).isTrue();
        assertThat(handled.party()).isEqualTo(new Party.Group());
    }
}
