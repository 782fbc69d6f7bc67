package org.fanfare.pf;

import org.fanfare.mime.MimeEntity;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.Setup;
import org.fanfare.uri.HostPort;
import org.jspecify.annotations.Nullable;

import java.util.List;

/// What is offered to the recipients of a large message; where it is, each leg says itself.
///
/// @param lists recipient lists that came along
record Offer(MessageMedia media, List<MimeEntity> lists) {

    private static final HostPort NOWHERE = new HostPort("127.0.0.1", 9);
    private static final List<String> CPIM = List.of("message/cpim");

    /// For a message that comes by INVITE (8.2.1.2/7.l), over TLS if that does; its size as
    /// announced (8.2.1.2/7.l.iv, reading 55).
    static Offer of(MessageMedia client, List<MimeEntity> lists, Policy policy) {
        var media =
                offered(
                        client.secure(),
                        client.acceptWrappedTypes(),
                        client.fileSelector() /* 8.2.1.2/7.l.iv */);
        boolean cema =
                !policy.msrpInteroperability() // 8.2.1.2/7.l.vi
                        || client.cema(); // 8.2.1.2/7.l.vi.unneeded
        // 8.2.1.2/7.l.vi.else: path and c/m are ours in any case (5.2.1.4)
        return new Offer(media.withCema(cema), lists);
    }

    /// For a message that came by MESSAGE (8.2.1.1/8.B.a.xviii).
    ///
    /// @param types of what is in the CPIM (reading 59)
    static Offer of(List<String> types, long octets, List<MimeEntity> lists, Policy policy) {
        var media = offered(false, types, FileSelector.ofSize(octets)); // 8.2.1.1/8.B.a.xviii.4
        return new Offer(media.withCema(!policy.msrpInteroperability()), lists); // reading 58
    }

    private static MessageMedia offered(
            boolean secure, List<String> wrapped, @Nullable FileSelector size) {
        var path = (secure ? "msrps" : "msrp") + "://127.0.0.1:9/none;tcp";
        return MessageMedia.at(secure, NOWHERE, List.of(path))
                // 8.2.1.2/7.l.i 8.2.1.1/8.B.a.xviii.2
                .withTypes(CPIM, wrapped)
                .withFileSelector(size)
                .withDirection(Direction.SENDONLY) // 8.2.1.2/7.l.iii 8.2.1.1/8.B.a.xviii.1
                .withSetup(Setup.ACTPASS); // 8.2.1.2/7.l.v 8.2.1.1/8.B.a.xviii.5
    }

    /// Without the list: nobody is told who else gets it.
    MessageContent.Body ofOneRecipient() {
        return body(List.of());
    }

    /// With the list, for whoever serves the group.
    MessageContent.Body ofAll() {
        return body(lists);
    }

    private MessageContent.Body body(List<MimeEntity> others) {
        var body = Descriptions.body(media, new Origin("-", 0, 0, NOWHERE.host()), others);
        return new MessageContent.Body(body.contentType().toString(), body.body());
    }
}
