package org.fanfare.pf;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A MESSAGE as alice's client sends it and her home network hands it on.
public final class TestMessage {

    public static final String EXPLODER = "sip:exploder@home.example";
    public static final String ALICE = "sip:alice@home.example";

    private static int calls;

    private final List<Consumer<SipRequest.Builder>> changes = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>();
    private final List<String> otherParts = new ArrayList<>();
    private String to = EXPLODER;
    private boolean list;
    private String rawList = "";
    private String cpimFrom = "<" + ALICE + ">";
    private String cpimHeaders = "";
    private String text = "Lunch at noon?";
    private String contentType = "text/plain;charset=UTF-8";
    private boolean withCpim = true;

    public static TestMessage message() {
        return new TestMessage();
    }

    public TestMessage to(String uri) {
        to = uri;
        return this;
    }

    public TestMessage recipients(String... uris) {
        return recipients(List.of(uris));
    }

    public TestMessage recipients(List<String> uris) {
        list = true;
        recipients.addAll(uris);
        return this;
    }

    /// The list document as it is given.
    public TestMessage list(String xml) {
        list = true;
        rawList = xml;
        return this;
    }

    public TestMessage header(String name, String value) {
        changes.add(request -> request.header(name, value));
        return this;
    }

    public TestMessage set(String name, String value) {
        changes.add(request -> request.set(name, value));
        return this;
    }

    public TestMessage without(String name) {
        changes.add(request -> request.remove(name));
        return this;
    }

    public TestMessage anonymous() {
        return header("Privacy", "id");
    }

    public TestMessage cpimFrom(String address) {
        cpimFrom = address;
        return this;
    }

    /// CPIM header lines, each with its line end.
    public TestMessage cpimHeaders(String lines) {
        cpimHeaders = lines;
        return this;
    }

    public TestMessage asking(String notifications) {
        return cpimHeaders(
                "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 4f1d0b8e6a2c4e0f9b7a\r\n"
                        + "imdn.Disposition-Notification: "
                        + notifications
                        + "\r\n");
    }

    public TestMessage text(String content) {
        text = content;
        return this;
    }

    public TestMessage contentType(String type) {
        contentType = type;
        return this;
    }

    public TestMessage withoutCpim() {
        withCpim = false;
        return this;
    }

    /// A body part beside list and message.
    public TestMessage part(String type, String content) {
        otherParts.add("Content-Type: " + type + "\r\n\r\n" + content);
        return this;
    }

    /// The same with a Content-Disposition.
    public TestMessage part(String type, String disposition, String content) {
        return part(type + "\r\nContent-Disposition: " + disposition, content);
    }

    /// The message/cpim entity.
    public String cpim() {
        return "From: "
                + cpimFrom
                + "\r\nTo: <"
                + to
                + ">\r\nDateTime: 2026-03-02T11:15:30.000+01:00\r\n"
                + cpimHeaders
                + "\r\nContent-Type: "
                + contentType
                + "\r\n\r\n"
                + text;
    }

    public SipRequest build() {
        int call = ++calls;
        var request =
                SipRequest.builder(Method.MESSAGE, Uri.parse(to))
                        .header("Via", "SIP/2.0/UDP 198.51.100.7:5060;branch=z9hG4bKa" + call)
                        .header("Max-Forwards", "69")
                        .header("From", "\"Alice\" <" + ALICE + ">;tag=77f1")
                        .header("To", "<" + to + ">")
                        .header("Call-ID", "call" + call + "@198.51.100.7")
                        .header("CSeq", "1 MESSAGE")
                        .header("Accept-Contact", FEATURE_TAG)
                        .header("P-Asserted-Identity", "\"Alice\" <" + ALICE + ">")
                        .header("Conversation-ID", "0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11")
                        .header("Contribution-ID", "9a1f0a52-7b0d-4a47-8f0c-" + call)
                        .header("User-Agent", "CPM-client/OMA2.2");
        if (list) {
            request.header("Require", "recipient-list-message");
        }
        body(request);
        changes.forEach(change -> change.accept(request));
        return request.build();
    }

    public static final String FEATURE_TAG =
            "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"";

    private void body(SipRequest.Builder request) {
        if (!list && otherParts.isEmpty()) {
            if (withCpim) {
                request.body("message/cpim", Octets.utf8(cpim()));
            }
            return;
        }
        var body = new StringBuilder();
        if (list) {
            body.append("--b1\r\nContent-Type: application/resource-lists+xml\r\n");
            body.append("Content-Disposition: recipient-list\r\n\r\n");
            body.append(rawList.isEmpty() ? listOf(recipients) : rawList).append("\r\n");
        }
        otherParts.forEach(part -> body.append("--b1\r\n").append(part).append("\r\n"));
        if (withCpim) {
            body.append("--b1\r\nContent-Type: message/cpim\r\n\r\n").append(cpim()).append("\r\n");
        }
        body.append("--b1--\r\n");
        request.body("multipart/mixed;boundary=\"b1\"", Octets.utf8(body.toString()));
    }

    public static String listOf(List<String> uris) {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
        xml.append("<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"\r\n");
        xml.append(" xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\">\r\n<list>\r\n");
        for (var uri : uris) {
            xml.append("<entry uri=\"").append(uri.replace("&", "&amp;"));
            xml.append("\" cp:copyControl=\"to\"/>\r\n");
        }
        return xml.append("</list>\r\n</resource-lists>\r\n").toString();
    }
}
