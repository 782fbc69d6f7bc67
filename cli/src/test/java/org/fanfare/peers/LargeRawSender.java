package org.fanfare.peers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sends one large message to many over TCP as the core would, written without any code of ours.
final class LargeRawSender implements AutoCloseable {

    private static final int CHUNK = 2048;

    private final Socket sip;
    private final String contributionId;
    private final String content;
    private volatile Socket media = new Socket();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile boolean promised;

    LargeRawSender(int port, String contributionId) throws IOException {
        this.contributionId = contributionId;
        this.content = content(contributionId);
        sip = new Socket(InetAddress.getLoopbackAddress(), port);
        sip.setSoTimeout(60_000);
    }

    /// The CPIM entity that everybody has to get, octet for octet.
    static String content(String contributionId) {
        var random = new Random(contributionId.hashCode());
        var text =
                random.ints(100_000 + random.nextInt(50_000), 'a', 'z' + 1)
                        .mapToObj(Character::toString)
                        .collect(Collectors.joining());
        return """
        From: <sip:alice@home.example>
        To: <sip:exploder@home.example>
        DateTime: 2026-03-01T12:00:00Z
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: m-%s

        Content-Type: text/plain;charset=UTF-8

        """
                        .formatted(contributionId)
                        .replace("\n", "\r\n")
                + text;
    }

    int chunks() {
        return (content.length() + CHUNK - 1) / CHUNK;
    }

    /// Chunks that are on their way.
    int sent() {
        return sent.get();
    }

    /// Whether the last chunk has its 200: from then on nobody may be lost.
    boolean promised() {
        return promised;
    }

    /// Does all of it. True with the 200 to the last chunk; fails when the server goes away.
    boolean send(int recipients) throws IOException {
        var transaction = UUID.randomUUID().toString();
        var out = sip.getOutputStream();
        var in = new BufferedInputStream(sip.getInputStream());
        LargeCore.send(out, invite(transaction, recipients));
        var answer = finalAnswer(in);
        if (!answer.startsWith("SIP/2.0 200 ")) {
            throw new IOException("refused: " + answer);
        }
        LargeCore.send(out, inDialog("ACK", transaction, answer, 1));
        upload(ScriptedCore.field(answer, "a=path").orElseThrow());
        LargeCore.send(out, inDialog("BYE", transaction, answer, 2));
        finalAnswer(in);
        return promised;
    }

    private static String finalAnswer(BufferedInputStream in) throws IOException {
        while (true) {
            var head = LargeCore.head(in).orElseThrow(() -> new IOException("gone"));
            var length =
                    ScriptedCore.field(head, "Content-Length").map(Integer::parseInt).orElse(0);
            var body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            if (head.startsWith("SIP/2.0 ") && head.charAt(8) > '1') {
                return head + body.replace("a=path:", "a=path: ");
            }
        }
    }

    private void upload(String path) throws IOException {
        var port = Integer.parseInt(path.replaceAll("msrp://[^:]+:(\\d+)/.*", "$1"));
        try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            media = connection;
            connection.setSoTimeout(60_000);
            var out = connection.getOutputStream();
            var in = new BufferedInputStream(connection.getInputStream());
            LargeCore.send(out, chunk(path, "b" + contributionId.substring(0, 8), 0, 0));
            response(in);
            for (var from = 0; from < content.length(); from += CHUNK) {
                var end = Math.min(content.length(), from + CHUNK);
                sent.incrementAndGet();
                LargeCore.send(out, chunk(path, "t" + from + "x", from, end));
                response(in);
            }
            promised = true;
        }
    }

    private static void response(BufferedInputStream in) throws IOException {
        var first = LargeCore.line(in).orElseThrow(() -> new IOException("gone"));
        if (!first.contains(" 200")) {
            throw new IOException("refused: " + first);
        }
        for (var line = first; !line.startsWith("-------"); ) {
            line = LargeCore.line(in).orElseThrow(() -> new IOException("gone"));
        }
    }

    private String chunk(String path, String id, int from, int end) {
        var empty = from == end;
        return "MSRP "
                + id
                + " SEND\r\nTo-Path: "
                + path
                + "\r\nFrom-Path: msrp://127.0.0.1:9/alicealicealice;tcp\r\nMessage-ID: "
                + (empty ? "bind" : "mmmm")
                + contributionId.substring(0, 8)
                + "\r\nByte-Range: "
                + (empty ? "1-0/0" : (from + 1) + "-" + end + "/" + content.length())
                + "\r\n"
                + (empty
                        ? ""
                        : "Content-Type: message/cpim\r\n\r\n"
                                + content.substring(from, end)
                                + "\r\n")
                + "-------"
                + id
                + (end == content.length() || empty ? "$" : "+")
                + "\r\n";
    }

    private String invite(String transaction, int recipients) {
        var entries =
                IntStream.range(0, recipients)
                        .mapToObj(index -> "<entry uri=\"" + RawSender.recipient(index) + "\"/>")
                        .collect(Collectors.joining());
        var body =
                """
                --b1
                Content-Type: application/sdp

                v=0
                o=- 1 1 IN IP4 127.0.0.1
                s=-
                c=IN IP4 127.0.0.1
                t=0 0
                m=message 9 TCP/MSRP *
                a=sendonly
                a=accept-types:message/cpim
                a=accept-wrapped-types:*
                a=setup:actpass
                a=path:msrp://127.0.0.1:9/alicealicealice;tcp
                a=file-selector:size:%2$d

                --b1
                Content-Type: application/resource-lists+xml
                Content-Disposition: recipient-list

                <?xml version="1.0" encoding="UTF-8"?>
                <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>%1$s</list></resource-lists>
                --b1--
                """
                        .formatted(entries, content.length())
                        .replace("\n", "\r\n");
        return """
        INVITE sip:exploder@home.example SIP/2.0
        Via: SIP/2.0/TCP 127.0.0.1:%1$d;branch=z9hG4bK%2$s
        Max-Forwards: 70
        From: <sip:alice@home.example>;tag=%2$s
        To: <sip:exploder@home.example>
        Call-ID: %2$s
        CSeq: 1 INVITE
        Contact: <sip:alice@127.0.0.1:%1$d;transport=tcp>
        Accept-Contact: *;+g.3gpp.icsi-ref="urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.largemsg"
        P-Asserted-Identity: <sip:alice@home.example>
        P-Preferred-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg.group
        Conversation-ID: conversation-%3$s
        Contribution-ID: %3$s
        User-Agent: CPM-client/OMA2.2
        Supported: timer
        Require: recipient-list-invite
        Content-Type: multipart/mixed;boundary="b1"
        Content-Length: %4$d

        """
                        .formatted(sip.getLocalPort(), transaction, contributionId, body.length())
                        .replace("\n", "\r\n")
                + body;
    }

    private String inDialog(String method, String transaction, String answer, int cseq) {
        return """
        %1$s sip:exploder@home.example SIP/2.0
        Via: SIP/2.0/TCP 127.0.0.1:%2$d;branch=z9hG4bK%1$s%3$s
        Max-Forwards: 70
        From: <sip:alice@home.example>;tag=%3$s
        To: %4$s
        Call-ID: %3$s
        CSeq: %5$d %1$s
        Content-Length: 0

        """
                .formatted(
                        method,
                        sip.getLocalPort(),
                        transaction,
                        ScriptedCore.field(answer, "To").orElseThrow(),
                        cseq)
                .replace("\n", "\r\n");
    }

    @Override
    public void close() throws IOException {
        media.close();
        sip.close();
    }
}
