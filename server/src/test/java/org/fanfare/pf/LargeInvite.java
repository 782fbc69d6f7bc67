package org.fanfare.pf;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/// An INVITE of Large Message Mode as alice's client sends it and her home network hands it on.
public final class LargeInvite {

    public static final String FEATURE_TAG =
            "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";

    private static final MediaType SDP = MediaType.of("application", "sdp");
    private static final MediaType LISTS = MediaType.of("application", "resource-lists+xml");

    private final List<Consumer<SipRequest.Builder>> changes = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>();
    private final String contribution = UUID.randomUUID().toString();
    private UnaryOperator<MessageMedia> media = offered -> offered;
    private UnaryOperator<String> sdp = text -> text;
    private boolean list;
    private boolean gzipped;
    private boolean overTls;
    private boolean offer = true;
    private String to = TestMessage.EXPLODER;

    public static LargeInvite invite() {
        return new LargeInvite();
    }

    public LargeInvite to(String uri) {
        to = uri;
        return this;
    }

    public LargeInvite recipients(String... uris) {
        list = true;
        recipients.addAll(List.of(uris));
        return this;
    }

    public LargeInvite header(String name, String value) {
        changes.add(request -> request.header(name, value));
        return this;
    }

    public LargeInvite set(String name, String value) {
        changes.add(request -> request.set(name, value));
        return this;
    }

    public LargeInvite without(String name) {
        changes.add(request -> request.remove(name));
        return this;
    }

    /// Offers MSRP over TLS.
    public LargeInvite overTls() {
        overTls = true;
        return this;
    }

    public boolean isOverTls() {
        return overTls;
    }

    /// What is offered.
    public LargeInvite media(UnaryOperator<MessageMedia> change) {
        media = change;
        return this;
    }

    public LargeInvite size(long octets) {
        return media(offered -> offered.withFileSelector(FileSelector.ofSize(octets)));
    }

    /// The body comes compressed.
    public LargeInvite gzipped() {
        gzipped = true;
        return this;
    }

    /// The description as text.
    public LargeInvite sdp(UnaryOperator<String> change) {
        sdp = change;
        return this;
    }

    public LargeInvite withoutOffer() {
        offer = false;
        return this;
    }

    public String contribution() {
        return contribution;
    }

    SipRequest build(MsrpUri path) {
        var request =
                SipRequest.builder(Method.INVITE, Uri.parse(to))
                        .header("Max-Forwards", "69")
                        .header("From", "\"Alice\" <" + TestMessage.ALICE + ">;tag=77f1")
                        .header("To", "<" + to + ">")
                        .header("Call-ID", UUID.randomUUID() + "@198.51.100.7")
                        .header("CSeq", "1 INVITE")
                        .header(
                                "Contact",
                                "<sip:alice@198.51.100.7:5060>;+g.3gpp.icsi-ref="
                                    + "\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"")
                        .header("Accept-Contact", FEATURE_TAG)
                        .header("P-Asserted-Identity", "\"Alice\" <" + TestMessage.ALICE + ">")
                        .header("Conversation-ID", "0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11")
                        .header("Contribution-ID", contribution)
                        .header("Supported", "timer")
                        .header("User-Agent", "CPM-client/OMA2.2");
        body(request, path);
        changes.forEach(change -> change.accept(request));
        return gzipped ? compressed(request.build()) : request.build();
    }

    private static SipRequest compressed(SipRequest request) {
        var octets = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(octets)) {
            gzip.write(request.body().toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return request.toBuilder()
                .body(request.header("Content-Type").orElseThrow(), Octets.of(octets.toByteArray()))
                .header("Content-Encoding", "gzip")
                .build();
    }

    private void body(SipRequest.Builder request, MsrpUri path) {
        var parts = new ArrayList<MimeEntity>();
        if (offer) {
            parts.add(MimeEntity.of(SDP, Octets.utf8(sdp.apply(description(path)))));
        }
        if (list) {
            request.header("Require", "recipient-list-invite");
            parts.add(
                    MimeEntity.builder()
                            .header("Content-Type", LISTS.toString())
                            .header("Content-Disposition", "recipient-list")
                            .body(Octets.utf8(TestMessage.listOf(recipients)))
                            .build());
        }
        if (parts.size() == 1 && offer) {
            request.body(SDP.toString(), parts.getFirst().body());
        } else if (!parts.isEmpty()) {
            var multipart = Multipart.mixed(parts);
            request.body(multipart.type().toString(), multipart.toOctets());
        }
    }

    private String description(MsrpUri path) {
        var offered =
                MessageMedia.at(
                                path.secure(),
                                new HostPort(path.host(), path.port()),
                                List.of(path.toString()))
                        .withDirection(Direction.SENDONLY)
                        .withSetup(Setup.ACTPASS)
                        .withFileSelector(FileSelector.ofSize(1 << 20))
                        .withCema(true);
        return media.apply(offered).describe(new Origin("-", 1, 1, path.host())).toOctets().utf8();
    }

    /// A message/cpim entity of this length, unlike any other.
    public static Octets cpim(int octets) {
        return cpim(octets, "", TestMessage.ALICE);
    }

    /// The same with CPIM header lines, each with its line end, and another signature.
    public static Octets cpim(int octets, String headers, String from) {
        var head =
                "From: <"
                        + from
                        + ">\r\nTo: <"
                        + TestMessage.EXPLODER
                        + ">\r\nDateTime: 2026-03-02T10:15:30Z\r\n"
                        + headers
                        + "\r\nContent-Type: application/octet-stream\r\n\r\n";
        var content = new byte[octets];
        new Random(octets).nextBytes(content);
        var start = Octets.utf8(head).toByteArray();
        System.arraycopy(start, 0, content, 0, start.length);
        return Octets.of(content);
    }
}
