package org.fanfare.imdn;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Set;

/// What the CPIM headers of a message say about notifications (RFC 5438 6).
///
/// @param messageId empty where there is none; without it nothing can be notified
/// @param wanted what the sender asked for
/// @param originalTo the address that an intermediary replaced; empty or one
/// @param recordRoute who wants to see the notifications, the last to join first
/// @param route where a notification still has to go, in order
public record DispositionRequest(
        String messageId,
        Set<DispositionNotification> wanted,
        List<CpimAddress> originalTo,
        List<CpimAddress> recordRoute,
        List<CpimAddress> route) {

    /// No notification needs a longer Message-ID; what is longer is refused (B7).
    public static final int MAX_MESSAGE_ID = 256;

    private static final String NAMESPACE = CpimHeader.IMDN_NAMESPACE;
    private static final String SECTION = "RFC 5438 6.3";

    /// Reads the headers.
    ///
    /// @throws MalformedMessage when a value cannot be what it should be
    public static DispositionRequest of(CpimMessage message) {
        return new DispositionRequest(
                readMessageId(message),
                message.header(NAMESPACE, "Disposition-Notification")
                        .map(DispositionNotification::parse)
                        .orElse(Set.of()),
                addresses(message, "Original-To"),
                addresses(message, "IMDN-Record-Route"),
                addresses(message, "IMDN-Route"));
    }

    /// What a sender puts into a new message.
    public static DispositionRequest of(String messageId, Set<DispositionNotification> wanted) {
        return new DispositionRequest(messageId, wanted, List.of(), List.of(), List.of());
    }

    public DispositionRequest {
        wanted = Set.copyOf(wanted);
        originalTo = List.copyOf(originalTo);
        recordRoute = List.copyOf(recordRoute);
        route = List.copyOf(route);
        checkMessageId(messageId, 0);
        if (originalTo.size() > 1) {
            throw new MalformedMessage("Original-To: expected at most once", 0, "RFC 5438 6.4");
        }
    }

    private static String readMessageId(CpimMessage message) {
        var headers = message.headers(NAMESPACE, "Message-ID");
        if (headers.isEmpty()) {
            return "";
        }
        var header = headers.getFirst();
        if (headers.size() > 1) {
            throw new MalformedMessage("Message-ID: expected once", header.offset(), SECTION);
        }
        if (header.rawValue().isEmpty()) {
            throw new MalformedMessage("Message-ID: expected a token", header.offset(), SECTION);
        }
        checkMessageId(header.value(), header.offset());
        return header.value();
    }

    /// The id goes into headers, XML and logs of others, so nothing invisible gets through.
    private static void checkMessageId(String id, int offset) {
        if (id.length() > MAX_MESSAGE_ID) {
            throw new MalformedMessage(
                    "Message-ID: expected at most " + MAX_MESSAGE_ID + " characters",
                    offset,
                    SECTION);
        }
        boolean token = true;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            if (c <= ' ' || Character.isISOControl(c) || "<>\"\\".indexOf(c) >= 0) {
                throw new MalformedMessage("Message-ID: expected a token", offset + i, SECTION);
            }
            token &= "(),;:/[]?={}@".indexOf(c) < 0;
        }
        if (!token) {
            Leniency.IMDN_MESSAGE_ID.taken();
        }
    }

    private static List<CpimAddress> addresses(CpimMessage message, String name) {
        return message.headers(NAMESPACE, name).stream()
                .map(header -> CpimAddress.parse(header.rawValue(), name, header.offset()))
                .toList();
    }

    /// Whether a notification of that kind was asked for and can be made.
    public boolean wants(DispositionNotification notification) {
        return !messageId.isEmpty() && wanted.contains(notification);
    }

    /// Puts Message-ID and request into a new message.
    public CpimBuilder addTo(CpimBuilder message) {
        if (!messageId.isEmpty()) {
            message.header(NAMESPACE, "Message-ID", messageId);
        }
        if (!wanted.isEmpty()) {
            var value = DispositionNotification.format(wanted);
            message.header(NAMESPACE, "Disposition-Notification", value);
        }
        return message;
    }
}
