package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// What the core tells by third-party REGISTER of the devices that the sender has registered (TS
/// 24.229 5.4.1.7): one for each, with the REGISTER of the device and the 200 to it in the body.
/// Ends when it is closed.
final class Registration implements AutoCloseable {

    private static final String DELIMITER = "--" + Outgoing.BOUNDARY + "\r\n";

    private final Network network;
    private final Target target;
    private final String callId = UUID.randomUUID().toString();
    private int number;

    Registration(Network network, Target target) {
        this.network = network;
        this.target = target;
    }

    /// Returns when the target has taken it.
    Registration tell(Device... devices) throws Mismatch, InterruptedException {
        for (int i = 1; i <= devices.length; i++) {
            var register = register(devices[i - 1]);
            var told =
                    thirdParty("3600")
                            .body(
                                    "multipart/mixed;boundary=\"" + Outgoing.BOUNDARY + "\"",
                                    Octets.utf8(
                                            part(register)
                                                    + part(
                                                            answer(
                                                                    register,
                                                                    List.of(devices).subList(0, i)))
                                                    + "--"
                                                    + Outgoing.BOUNDARY
                                                    + "--\r\n"))
                            .build();
            Expect.success(
                    network.waiting()
                            .await(
                                    network.send(told).answer(),
                                    "a final response to the third-party REGISTER"));
        }
        return this;
    }

    private SipRequest.Builder thirdParty(String expires) {
        number++;
        var us = "<sip:" + target.listen() + ">";
        return SipRequest.builder(Method.REGISTER, Uri.parse("sip:" + target.domain()))
                .header("Max-Forwards", "70")
                .header("From", us + ";tag=core")
                .header("To", "<" + target.sender() + ">")
                .header("Call-ID", callId)
                .header("CSeq", number + " REGISTER")
                .header("Contact", us)
                .header("Expires", expires);
    }

    /// That of the device.
    private SipRequest register(Device device) {
        var user = "<" + target.sender() + ">";
        return SipRequest.builder(Method.REGISTER, Uri.parse("sip:" + target.domain()))
                .header("Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" + UUID.randomUUID())
                .header("Max-Forwards", "70")
                .header("From", user + ";tag=device")
                .header("To", user)
                .header("Call-ID", UUID.randomUUID().toString())
                .header("CSeq", "1 REGISTER")
                .header("Contact", device.contactField())
                .header("User-Agent", "CPM-client/" + device.release())
                .build();
    }

    /// It names all that are registered (RFC 3261 10.3).
    private static SipMessage answer(SipRequest register, List<Device> devices) {
        var answer = register.answer(200);
        devices.forEach(device -> answer.header("Contact", device.registeredField()));
        return answer.build();
    }

    private static String part(SipMessage message) {
        return DELIMITER + "Content-Type: message/sip\r\n\r\n" + message.encoded().utf8() + "\r\n";
    }

    /// What is sent next finds nobody registered, if the target answers in time.
    @Override
    public void close() {
        network.send(thirdParty("0").build())
                .answer()
                .handle((_, _) -> "")
                .completeOnTimeout("", target.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
