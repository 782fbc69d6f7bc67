package org.fanfare.client;

import org.fanfare.uri.Uri;

import java.util.List;

/// Whom a message is for: the four cases of 7.2.1.1/8 to 11.
public sealed interface Target {

    /// One CPM user or one non-CPM principal (7.2.1.1/8).
    record One(Uri recipient) implements Target {}

    /// A group made up for this message, served by the CPM Controlling Function (7.2.1.1/9).
    record AdHocGroup(List<Uri> members) implements Target {
        public AdHocGroup {
            members = List.copyOf(members);
        }
    }

    /// A group that exists in the network under an address of its own (7.2.1.1/10).
    record PredefinedGroup(Uri group) implements Target {}

    /// Several recipients that are no group: 1-to-Many by way of the EXPLODER-URI (7.2.1.1/11).
    record Many(List<Uri> recipients) implements Target {
        public Many {
            recipients = List.copyOf(recipients);
        }
    }

    /// The party that a reply goes to by itself: Reply-To, or else the authenticated originator
    /// (7.2.1.1/8.b, 8.c).
    record ReplyAddress() implements Target {}
}
