package org.fanfare.client;

import org.fanfare.mime.MediaType;
import org.fanfare.sip.Method;
import org.fanfare.sip.ServerCapabilities;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// What the client does with the requests that it receives: it answers them, and hands on messages
/// and reports.
final class Receiving {

    private static final ServerCapabilities CAPABILITIES =
            ServerCapabilities.DEFAULT
                    .withMethods(
                            List.of(
                                    Method.MESSAGE,
                                    Method.OPTIONS,
                                    Method.INVITE,
                                    Method.ACK,
                                    Method.CANCEL,
                                    Method.BYE,
                                    Method.UPDATE))
                    .withExtensions(Set.of("timer"));

    static final String ALLOW = CAPABILITIES.allow();
    private static final String ACCEPT = "message/cpim, message/imdn+xml, text/plain, */*";

    /// Where the messages go.
    interface Sink {

        /// A message for the user, after its answer, and whether it is shown for the first time.
        void onMessage(ReceivedMessage message, boolean first);

        /// A message that brings disposition notifications. In Pager Mode before its answer, after
        /// which the next ones may come.
        void onNotifications(ReceivedMessage message);
    }

    private final ClientSettings settings;
    private final Predicate<MediaType> accepted;
    private final SeenMessages seen = new SeenMessages();
    private final Sink sink;
    private volatile @Nullable LargeReceiving large;

    Receiving(ClientSettings settings, Predicate<MediaType> accepted, Sink sink) {
        this.settings = settings;
        this.accepted = accepted;
        this.sink = sink;
    }

    /// Who takes invitations; until then there is nobody.
    void invitations(LargeReceiving receiver) {
        large = receiver;
    }

    void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        var refusal = CAPABILITIES.refusal(request); // RFC 3261 8.2.1 to 8.2.3
        if (refusal.isPresent()) {
            transaction.respond(refusal.get().header("Server", settings.product()).build());
        } else if (request.method().equals(Method.MESSAGE)) {
            onMessage(transaction);
        } else if (request.method().equals(Method.INVITE)) {
            onInvite(transaction);
        } else {
            transaction.respond(
                    answer(request, StatusCode.OK)
                            .header("Allow", ALLOW)
                            .header("Accept", ACCEPT)
                            .build());
        }
    }

    private void onMessage(ServerTransaction transaction) {
        var request = transaction.request();
        ReceivedMessage message;
        try {
            message = ReceivedMessage.of(request, settings.limits());
        } catch (MalformedMessage malformed) {
            transaction.respond(
                    request.answer(malformed.sipStatus(), malformed.reason())
                            .header("Server", settings.product())
                            .build());
            return;
        }
        if (!message.isNotification() && !accepted.test(message.contentType())) {
            transaction.respond(
                    answer(request, StatusCode.UNSUPPORTED_MEDIA_TYPE)
                            .header("Accept", ACCEPT)
                            .build());
            return;
        }
        var taken = answer(request, StatusCode.OK).build(); // RFC 3428 7: no body, no Contact
        if (message.isNotification()) {
            try {
                sink.onNotifications(message);
            } finally {
                transaction.respond(taken);
            }
        } else {
            transaction.respond(taken);
            handOn(message);
        }
    }

    private void onInvite(ServerTransaction transaction) {
        var receiver = large;
        if (receiver == null) {
            transaction.respond(
                    answer(transaction.request(), StatusCode.TEMPORARILY_UNAVAILABLE).build());
        } else {
            receiver.onInvite(transaction);
        }
    }

    /// To large messages the same applies as to others.
    LargeReceiving.Sink largeMessages() {
        return new LargeReceiving.Sink() {
            @Override
            public boolean accepts(MediaType type) {
                return accepted.test(type);
            }

            @Override
            public void onMessage(ReceivedMessage message) {
                handOn(message);
            }
        };
    }

    private void handOn(ReceivedMessage message) {
        if (message.isNotification()) {
            sink.onNotifications(message);
        } else {
            sink.onMessage(message, isFirst(message));
        }
    }

    /// The same originator, Contribution-ID and imdn.Message-ID is the same message (reliability
    /// 3.6). What has no Contribution-ID is no CPM message, and cannot be told from another.
    private boolean isFirst(ReceivedMessage message) {
        return message.contributionId().isEmpty() || seen.isFirst(SeenMessages.Key.of(message));
    }

    private SipResponse.Builder answer(SipRequest request, int status) {
        return request.answer(status).header("Server", settings.product());
    }
}
