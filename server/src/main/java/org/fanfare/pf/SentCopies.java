package org.fanfare.pf;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.FeatureTag;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.pf.fanout.SentCopy;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The requests of direct delivery: the message as it came, for another device of its sender
/// (references n.4).
record SentCopies(Copies copies, Limits limits) {

    /// About the body as it came, with its list, or about who may get it and by which ways; given
    /// anew.
    private static final Set<String> OF_THE_BODY =
            Set.of(
                    "accept-contact",
                    "content-disposition",
                    "content-encoding",
                    "max-breadth",
                    "mime-version",
                    "reject-contact",
                    "request-disposition",
                    "require");

    /// A MESSAGE (8.2.1.1/dd.3).
    ///
    /// @param forDevices header fields that say which devices it is for
    /// @throws MalformedMessage when its content cannot be marked as sent, or is sealed
    LegTemplate message(StandaloneMessage message, List<HeaderField> forDevices) {
        var request = message.request();
        var cpim =
                message.content().messages().stream()
                        .findFirst()
                        .orElseThrow(() ->
                                new MalformedMessage("no message/cpim to mark", 0, "RFC 3862 2"));
        var copy = LegTemplate.builder(copies.key());
        Copies.startLine(copy);
        Copies.field(copy, "Max-Forwards", Integer.toString(Copies.MAX_FORWARDS));
        Copies.field(copy, "Max-Breadth", Integer.toString(Copies.MAX_BREADTH));
        Copies.from(copy, request, Method.MESSAGE);
        Copies.field(copy, "To", Copies.withoutTag(request.to()).toString());
        Copies.identifiers(copy, message);
        for (var field : request.headers()) { // 8.2.1.1/dd.3.i
            if (Copies.isForwarded(field.name(), message.fromTrusted())
                    && !OF_THE_BODY.contains(field.longName().toLowerCase(Locale.ROOT))) {
                Copies.field(copy, field.name(), field.value());
            }
        }
        for (var value :
                AcceptContact.parse(request.headers().all(CpmHeader.ACCEPT_CONTACT), limits)) {
            if (!value.namesInstance()) {
                Copies.field(copy, CpmHeader.ACCEPT_CONTACT, value.toString());
            }
        }
        forDevices.forEach(field -> Copies.field(copy, field.name(), field.value()));
        Copies.asserted(copy, message, message.assertedService());
        Copies.field(copy, "Content-Type", "message/cpim");
        copy.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n").body();
        // 8.2.1.1/dd.3.ii 8.2.1.1/dd.3.iii
        return copy.octets(SentCopy.of(cpim.toOctets(), limits)).build();
    }

    /// An INVITE (8.2.1.2/dd.C.invite).
    LegTemplate invite(
            StandaloneMessage message, LargeMode mode, Offer offer, List<HeaderField> forDevices) {
        return new Invites(copies, mode.contact(), mode.interval())
                .sent(message, offer, forDevices);
    }

    /// What the recipients are offered, and the size as it is with the header that is added
    /// (reading 55).
    Offer offer(Outgoing outgoing, int added) {
        var invite = (SipRequest) SipParser.parse(outgoing.template().sample(), limits);
        var media = MessageMedia.of(Descriptions.of(invite, limits), limits);
        long announced = media.announcedSize();
        return new Offer(
                announced > 0
                        ? media.withFileSelector(FileSelector.ofSize(announced + added))
                        : media,
                List.of());
    }

    /// Without a public GRUU the instance tells the device from the others (8.2.1.1/dd.3.iv.b.ii,
    /// 8.2.1.1/dd.3.iv.b.ii.tags, 8.2.1.2/dd.C.3.ii, 8.2.1.2/dd.C.3.ii.tags, reading 64).
    List<HeaderField> onlyFor(Device device) {
        return device.gruu().isPresent()
                ? List.of()
                : List.of(
                        new HeaderField(
                                CpmHeader.ACCEPT_CONTACT,
                                AcceptContact.ofInstance(device.instance()).toString()));
    }

    /// The core is asked to leave a device out (RFC 3841 9.2).
    List<HeaderField> butFor(String instance) {
        return List.of(new HeaderField("Reject-Contact", "*;" + FeatureTag.ofInstance(instance)));
    }
}
