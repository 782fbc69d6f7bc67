package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// What a scenario is played on: a sender, recipients that nobody else knows, and what they see.
final class Stage implements AutoCloseable {

    private final Network network;
    private final Target target;
    private final String scene = UUID.randomUUID().toString().substring(0, 8);
    private final List<String> recipients = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    Stage(Network network, Target target) {
        this.network = network;
        this.target = target;
    }

    Target target() {
        return target;
    }

    // ---- recipients

    /// A new SIP address.
    String sip(String name) {
        return at("sip:" + name + "-" + scene + "@" + target.domain());
    }

    /// A new telephone number.
    String tel() {
        long number = Long.parseLong(scene, 16) % 10_000_000;
        return at("tel:+1555%07d%02d".formatted(number, recipients.size()));
    }

    /// A new address that is neither SIP nor TEL URI.
    String other(String name) {
        return at("mailto:" + name + "-" + scene + "@" + target.domain());
    }

    /// Somebody is there.
    String at(String uri) {
        network.recipient(uri);
        recipients.add(uri);
        return uri;
    }

    /// What he answers to one request after the other; then 200.
    void answers(String uri, int... statuses) {
        for (int status : statuses) {
            network.recipient(uri).replies(arrival -> arrival.answer(status));
        }
    }

    /// What he does with the next session.
    void when(String uri, Consumer<Leg> script) {
        network.recipient(uri).replies(Leg.with(script));
    }

    /// Whether a URI leads to us.
    boolean isOurs(String uri) {
        return uri.contains(target.listen().toString())
                || uri.contains(network.media().address().toString());
    }

    // ---- the sender

    /// To the EXPLODER-URI.
    Outgoing message(String... to) {
        return Outgoing.message(target, target.exploder()).recipients(to);
    }

    Outgoing messageTo(String uri) {
        return Outgoing.message(target, uri);
    }

    Outgoing invite(String... to) {
        return Outgoing.invite(target, target.exploder()).recipients(to);
    }

    Outgoing inviteTo(String uri) {
        return Outgoing.invite(target, uri);
    }

    Exchange begin(Outgoing message) {
        return network.send(message.build(network.contact(), ""));
    }

    /// Sends it, and waits for the final response.
    SipResponse send(Outgoing message) throws Mismatch, InterruptedException {
        if (message.isInvite()) {
            var answer = call(message).answer();
            return note(answer);
        }
        return answered(begin(message));
    }

    SipResponse answered(Exchange exchange) throws Mismatch, InterruptedException {
        return note(network.waiting().await(exchange.answer(), "a final response to the MESSAGE"));
    }

    /// As [Twice].
    void sendTwiceByDatagram(Outgoing message) throws Mismatch {
        seen.add(Twice.send(target, message.build(network.contact(), "")));
    }

    /// Sends it, and it must be a success.
    SipResponse deliver(Outgoing message) throws Mismatch, InterruptedException {
        var answer = send(message);
        Expect.success(answer);
        return answer;
    }

    Call call(Outgoing invite) {
        var call = new Call(network, invite);
        calls.add(call);
        return call;
    }

    /// All of it: INVITE, content, BYE.
    Call completed(Outgoing invite) throws Mismatch, InterruptedException {
        var call = call(invite);
        note(call.answer());
        Expect.success(call.complete(invite.cpim()));
        return call;
    }

    private SipResponse note(SipResponse answer) {
        seen.add(Expect.describe(answer));
        return answer;
    }

    // ---- what comes

    /// The n-th request for somebody.
    Arrival arrival(String uri, int n) throws Mismatch, InterruptedException {
        var arrival = network.recipient(uri).await(n, target.timeout());
        return arrival.orElseThrow(() ->
                new Mismatch(
                        "request " + n + " for " + uri,
                        n - 1 + " within " + target.timeout().toSeconds() + " s"));
    }

    private SipRequest first(String uri, Method method) throws Mismatch, InterruptedException {
        var request = arrival(uri, 1).request();
        Expect.that(request.method().equals(method), method + " for " + uri, "" + request.method());
        seen.add(method + " for " + uri.replaceFirst("-" + scene + ".*", ""));
        return request;
    }

    SipRequest copyFor(String uri) throws Mismatch, InterruptedException {
        return first(uri, Method.MESSAGE);
    }

    /// What comes of this message, among what scenarios before may have left to come for him.
    Arrival arrivalOf(Outgoing message, String uri) throws Mismatch, InterruptedException {
        int n = 1;
        while (!isOf(message, arrival(uri, n).request())) {
            n++;
        }
        return arrival(uri, n);
    }

    Leg legTo(String uri) throws Mismatch, InterruptedException {
        first(uri, Method.INVITE);
        return arrival(uri, 1).session();
    }

    List<Arrival> arrivals(String uri) {
        return network.recipient(uri).arrivals();
    }

    /// Something that went out before is there, if it ever comes: a message that is sent now is
    /// delivered.
    void settle() throws Mismatch, InterruptedException {
        var marker = sip("marker");
        deliverQuietly(messageTo(marker));
        var arrived = network.recipient(marker).await(1, target.timeout());
        Expect.that(arrived.isPresent(), "a message that comes after it", "none");
    }

    private void deliverQuietly(Outgoing message) throws Mismatch, InterruptedException {
        Expect.success(
                network.waiting()
                        .await(begin(message).answer(), "an answer to a message after it"));
    }

    /// Nobody has got it, neither whom we know nor anybody else.
    void nobodyGot(Outgoing message) throws Mismatch, InterruptedException {
        settle();
        onlyFor(message);
        seen.add("nobody got it");
    }

    /// Each of these exactly one request, and nobody else any.
    void onlyFor(Outgoing message, String... uris) throws Mismatch {
        var got = new ArrayList<String>();
        for (var uri : recipients) {
            arrivals(uri).stream()
                    .filter(arrival -> isOf(message, arrival.request()))
                    .forEach(_ -> got.add(uri));
        }
        network.strays().stream()
                .filter(stray -> isOf(message, stray))
                // his other devices: a matter of its own
                .filter(stray -> !stray.requestUriText().startsWith(target.sender()))
                .forEach(stray -> got.add(stray.requestUriText()));
        var expected = List.of(uris).stream().sorted().toList();
        Expect.that(
                got.stream().sorted().toList().equals(expected),
                "requests for " + expected,
                "requests for " + got);
    }

    private static boolean isOf(Outgoing message, SipRequest request) {
        var ids = request.headers().all("Contribution-ID");
        return ids.isEmpty() || ids.contains(message.contributionId());
    }

    // ---- around it

    Waiting waiting() {
        return network.waiting();
    }

    Xdms xdms() {
        return network.xdms();
    }

    /// The core tells that the sender has registered these, until it is closed.
    Registration registered(Device... devices) throws Mismatch, InterruptedException {
        return new Registration(network, target).tell(devices);
    }

    void note(String what) {
        seen.add(what);
    }

    /// In one line.
    String seen() {
        return seen.stream().distinct().limit(6).collect(Collectors.joining(", "));
    }

    @Override
    public void close() {
        calls.forEach(Call::close);
        recipients.forEach(network::forget);
    }
}
