package org.fanfare.client;

import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.uri.Uri;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;

/// Where a message goes: its Request-URI, which is its CPIM To too, and the list that goes with it.
///
/// @param recipients addresses in the resource list; empty: no list goes with it
record Destination(Kind kind, Uri requestUri, List<Uri> recipients) {

    enum Kind {
        ONE,
        AD_HOC_GROUP,
        PREDEFINED_GROUP,
        MANY
    }

    Destination {
        recipients = List.copyOf(recipients);
    }

    boolean isGroup() {
        return kind != Kind.ONE;
    }

    /// Who will get it, as far as the client knows: the members of a group are not all known to it.
    List<Uri> knownRecipients() {
        return switch (kind) {
            case ONE -> List.of(requestUri);
            case MANY -> recipients;
            case AD_HOC_GROUP, PREDEFINED_GROUP -> List.of();
        };
    }

    /// The resource list as a part of a body.
    MimeEntity list() {
        return MimeEntity.builder()
                .contentType(MediaType.RESOURCE_LISTS)
                .disposition(ContentDisposition.RECIPIENT_LIST)
                .body(RecipientList.write(recipients))
                .build();
    }

    static Destination of(OutgoingMessage message, Provisioning provisioning) {
        return switch (message.target()) {
            // 7.2.1.1/8.a, 7.2.1.1/8.a.noncpm; in a reply 7.2.1.1/8.b.unless, 7.2.1.1/8.c.unless
            // 7.2.1.2/9, 7.2.1.2/9.a, 7.2.1.2/9.a.noncpm; in a reply 7.2.1.2/9.b.unless,
            // 7.2.1.2/9.c.unless
            case Target.One(var recipient) -> one(recipient);
            // 7.2.1.1/8.b, 7.2.1.1/8.c
            // 7.2.1.2/9.b, 7.2.1.2/9.b.ft, 7.2.1.2/9.b.session, 7.2.1.2/9.c, 7.2.1.2/9.c.ft,
            // 7.2.1.2/9.c.session
            case Target.ReplyAddress() -> one(replyAddress(message));
            // 7.2.1.1/9, 7.2.1.2/10
            case Target.AdHocGroup(var members) -> adHocGroup(message, members, provisioning);
            // 7.2.1.1/10, 7.2.1.2/11
            case Target.PredefinedGroup(var group) ->
                    new Destination(Kind.PREDEFINED_GROUP, group, List.of());
            // 7.2.1.1/11, 7.2.1.2/12
            case Target.Many(var recipients) -> many(message, recipients, provisioning);
        };
    }

    private static Destination one(Uri recipient) {
        return new Destination(Kind.ONE, recipient, List.of());
    }

    private static Destination adHocGroup(
            OutgoingMessage message, List<Uri> members, Provisioning provisioning) {
        var function =
                provisioning
                        .controllingFunction()
                        .orElseThrow(
                                () -> CannotSend.notProvisioned("the CPM Controlling Function"));
        var list = list(message, members, provisioning); // 7.2.1.1/9.b, 7.2.1.2/10.b
        // 7.2.1.1/9.a, 7.2.1.2/10.a
        return new Destination(Kind.AD_HOC_GROUP, function, list);
    }

    private static Destination many(
            OutgoingMessage message, List<Uri> recipients, Provisioning provisioning) {
        var list = list(message, recipients, provisioning); // 7.2.1.1/11.b, 7.2.1.2/12.d
        if (list.size() == 1) {
            return one(list.getFirst()); // reading 19: one recipient is addressed directly
        }
        var exploder =
                provisioning
                        .exploderUri()
                        .orElseThrow(() -> CannotSend.notProvisioned("the EXPLODER-URI"));
        // 7.2.1.1/11.a, 7.2.1.2/12.c, def/EXPLODER-URI.client
        return new Destination(Kind.MANY, exploder, list);
    }

    /// The addresses of a list, each once, the one that a reply must hold first.
    private static List<Uri> list(
            OutgoingMessage message, Collection<Uri> addresses, Provisioning provisioning) {
        var unique = new LinkedHashMap<String, Uri>();
        if (message.answered().isPresent()) {
            // 7.2.1.1/9.c, 7.2.1.1/9.d, 7.2.1.1/11.c, 7.2.1.1/11.d
            // 7.2.1.2/10.c, 7.2.1.2/10.d, 7.2.1.2/10.d.ft, 7.2.1.2/10.d.session, 7.2.1.2/12.e,
            // 7.2.1.2/12.f
            var address = replyAddress(message);
            unique.put(address.canonical(), address);
        }
        addresses.forEach(address -> unique.putIfAbsent(address.canonical(), address));
        if (unique.isEmpty()) {
            throw new CannotSend("the list of recipients is empty");
        }
        provisioning.maxRecipients().ifPresent(limit -> checkNumber(unique.size(), limit));
        return new ArrayList<>(unique.values());
    }

    private static void checkNumber(int recipients, int limit) { // reading 84
        if (recipients > limit) {
            throw new CannotSend.TooManyRecipients(recipients, limit);
        }
    }

    /// The new address if the user gives one, else the address that what is answered asks for
    /// (7.2.1.1/9.c.unless, 7.2.1.1/9.d.unless, 7.2.1.1/11.c.unless, 7.2.1.1/11.d.unless;
    /// 7.2.1.2/10.c.unless, 7.2.1.2/10.d.unless, 7.2.1.2/12.e.unless, 7.2.1.2/12.f.unless).
    private static Uri replyAddress(OutgoingMessage message) {
        return message.newReplyAddress()
                .orElseGet(() -> message.answered().orElseThrow().replyAddress());
    }
}
