package org.fanfare.cli.conformance;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// A MESSAGE or INVITE as the client of the sender makes it (7.2.1.1 and 7.2.1.2) and his core
/// hands it on, but for what a scenario changes.
final class Outgoing {

    static final String BOUNDARY = "conformance";

    private final Target target;
    private final Method method;
    private final String uri;
    private final String contributionId = UUID.randomUUID().toString();
    private final List<Consumer<SipRequest.Builder>> changes = new ArrayList<>();
    private final List<String> parts = new ArrayList<>();
    private UnaryOperator<String> sdp = text -> text;
    private String sender;
    private String cpimHeaders = "";
    private String contentType = "text/plain;charset=UTF-8";
    private String text = "Lunch at noon?";

    private Outgoing(Target target, Method method, String uri) {
        this.target = target;
        this.method = method;
        this.uri = uri;
        this.sender = target.sender();
    }

    static Outgoing message(Target target, String uri) {
        return new Outgoing(target, Method.MESSAGE, uri);
    }

    static Outgoing invite(Target target, String uri) {
        return new Outgoing(target, Method.INVITE, uri);
    }

    boolean isInvite() {
        return method.equals(Method.INVITE);
    }

    String contributionId() {
        return contributionId;
    }

    /// Somebody else sends it.
    Outgoing from(String other) {
        sender = other;
        return this;
    }

    /// The list of recipients, flat.
    Outgoing recipients(String... uris) {
        return recipients(List.of(uris));
    }

    Outgoing recipients(List<String> uris) {
        return list(document(uris));
    }

    /// A list document as it is given.
    Outgoing list(String document) {
        return part(
                "application/resource-lists+xml\r\nContent-Disposition: recipient-list", document);
    }

    /// A part of the body before the message.
    Outgoing part(String type, String content) {
        parts.add("Content-Type: " + type + "\r\n\r\n" + content);
        return this;
    }

    Outgoing header(String name, String value) {
        changes.add(request -> request.header(name, value));
        return this;
    }

    Outgoing set(String name, String value) {
        changes.add(request -> request.set(name, value));
        return this;
    }

    Outgoing without(String name) {
        changes.add(request -> request.remove(name));
        return this;
    }

    Outgoing anonymous() {
        return header("Privacy", "id");
    }

    /// CPIM header lines, each with its line end.
    Outgoing cpimHeaders(String lines) {
        cpimHeaders = lines;
        return this;
    }

    Outgoing content(String type, String content) {
        contentType = type;
        text = content;
        return this;
    }

    Outgoing text(String content) {
        text = content;
        return this;
    }

    /// Of the whole CPIM entity.
    Outgoing octets(int length) {
        text = "";
        return text("x".repeat(length - cpim().length()));
    }

    /// What is offered, as text.
    Outgoing sdp(UnaryOperator<String> change) {
        sdp = change;
        return this;
    }

    /// The message/cpim entity.
    Octets cpim() {
        return Octets.utf8(
                "From: <"
                        + sender
                        + ">\r\nTo: <"
                        + uri
                        + ">\r\nDateTime: 2026-03-02T11:15:30+01:00\r\n"
                        + cpimHeaders
                        + "\r\nContent-Type: "
                        + contentType
                        + "\r\n\r\n"
                        + text);
    }

    /// @param contact where we are
    /// @param offer the description of an INVITE
    SipRequest build(String contact, String offer) {
        var id = UUID.randomUUID().toString();
        var service = Service.acceptContact(isInvite() ? Service.LARGEMSG : Service.MSG);
        var request =
                SipRequest.builder(method, Uri.parse(uri))
                        .header("Max-Forwards", "70")
                        .header("From", "<" + sender + ">;tag=" + id.substring(0, 8))
                        .header("To", "<" + uri + ">")
                        .header("Call-ID", id)
                        .header("CSeq", "1 " + method)
                        .header("Accept-Contact", service)
                        .header("Conversation-ID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
                        .header("Contribution-ID", contributionId)
                        .header("User-Agent", "CPM-client/OMA2.2 conformance");
        if (target.account().isEmpty()) {
            request.header("P-Asserted-Identity", "<" + sender + ">");
        }
        if (isInvite()) {
            request.header("Contact", "<" + contact + ">");
            request.header("Supported", "timer");
        }
        if (target.route()) {
            var at = target.hop().address();
            request.header("Route", "<sip:" + at.getHostString() + ":" + at.getPort() + ";lr>");
            request.header("Route", "<sip:" + target.listen() + ";lr>");
        }
        body(request, offer);
        changes.forEach(change -> change.accept(request));
        return request.build();
    }

    private void body(SipRequest.Builder request, String offer) {
        var own = isInvite() ? Octets.utf8(sdp.apply(offer)) : cpim();
        var type = isInvite() ? "application/sdp" : "message/cpim";
        if (parts.isEmpty()) {
            request.body(type, own);
            return;
        }
        request.header("Require", isInvite() ? "recipient-list-invite" : "recipient-list-message");
        var delimiter = "--" + BOUNDARY + "\r\n";
        var before =
                parts.stream().map(part -> delimiter + part + "\r\n").collect(Collectors.joining());
        var all =
                before
                        + (delimiter + "Content-Type: " + type + "\r\n\r\n" + own.utf8())
                        + ("\r\n--" + BOUNDARY + "--\r\n");
        request.body("multipart/mixed;boundary=\"" + BOUNDARY + "\"", Octets.utf8(all));
    }

    /// A flat list (RFC 4826, RFC 5365).
    static String document(List<String> uris) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
                + "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"><list>\r\n"
                + uris.stream()
                        .map(entry -> "<entry uri=\"" + entry.replace("&", "&amp;") + "\"/>\r\n")
                        .collect(Collectors.joining())
                + "</list></resource-lists>\r\n";
    }
}
