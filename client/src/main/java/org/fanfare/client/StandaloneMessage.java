package org.fanfare.client;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;

import java.time.InstantSource;
import java.util.stream.Collectors;

/// Generates a CPM Standalone Message: a CPIM message as defined in RFC 3862 (7.2.1.3).
final class StandaloneMessage {

    private final ClientSettings settings;
    private final InstantSource clock;

    StandaloneMessage(ClientSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /// Makes the wrapper with the payload in it.
    ///
    /// @param to the recipient (7.2.1.3/2.a, 7.2.1.3/2.a.noncpm), the controlling function
    ///   (7.2.1.3/2.b), the group (7.2.1.3/2.c) or the EXPLODER-URI (7.2.1.3/2.d), as [Destination]
    ///   has found it
    CpimMessage generate(OutgoingMessage message, Uri to, String imdnMessageId) { // 7.2.1.3/0
        var cpim = CpimMessage.builder();
        cpim.from(from(message)); // 7.2.1.3/1
        cpim.to(CpimAddress.of(to)); // 7.2.1.3/2
        cpim.dateTime(clock.instant());
        message.subject().ifPresent(cpim::subject);
        requestDispositions(cpim, message, imdnMessageId); // 7.2.1.3/4
        setPayload(cpim, message.payload()); // 7.2.1.3/3
        return cpim.build();
    }

    /// An anonymous sender is anonymous here too, or the payload would give him away.
    private CpimAddress from(OutgoingMessage message) {
        return message.anonymous()
                ? CpimAddress.of(Anonymity.URI)
                : new CpimAddress(settings.from().displayName(), settings.from().uri());
    }

    /// The Message-ID is there even where nothing is asked for: Table 2 and the recipients tell
    /// duplicates by it.
    private static void requestDispositions(
            CpimBuilder cpim, OutgoingMessage message, String imdnMessageId) {
        DispositionRequest.of(imdnMessageId, message.requested()).addTo(cpim);
    }

    /// The second Content-Type is that of the payload (7.2.1.3/3); of a multipart the types of its
    /// parts are listed too, leaves only, in their order (7.2.1.3/3.i, 7.2.1.2/200.H.3.i).
    private static void setPayload(CpimBuilder cpim, MimeEntity payload) {
        if (payload.contentType().isMultipart()) {
            cpim.header(
                    CpimHeader.CPM_NAMESPACE,
                    "Payload-Type",
                    payload.leaves(Limits.DEFAULT).stream()
                            .map(MimeEntity::contentType)
                            .map(MediaType::essence)
                            .collect(Collectors.joining(", ")));
        }
        cpim.content(payload);
    }
}
