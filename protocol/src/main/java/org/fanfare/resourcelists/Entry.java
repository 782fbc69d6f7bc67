package org.fanfare.resourcelists;

import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/// One recipient of a list: a URI that copies can be sent to, or one that they cannot, and why.
public final class Entry {

    private final String uri;
    private final CopyControl copyControl;
    private final boolean anonymize;
    private final @Nullable Uri recipient;
    private final String key;
    private final String reason;

    private Entry(
            String uri,
            CopyControl copyControl,
            boolean anonymize,
            @Nullable Uri recipient,
            String key,
            String reason) {
        this.uri = uri;
        this.copyControl = copyControl;
        this.anonymize = anonymize;
        this.recipient = recipient;
        this.key = key;
        this.reason = reason;
    }

    /// An entry of a new list.
    public static Entry of(Uri uri, CopyControl copyControl) {
        return usable(uri.toString(), copyControl, false, uri);
    }

    static Entry usable(String uri, CopyControl copyControl, boolean anonymize, Uri recipient) {
        return new Entry(uri, copyControl, anonymize, recipient, recipient.canonical(), "");
    }

    static Entry invalid(String uri, CopyControl copyControl, boolean anonymize, String reason) {
        return new Entry(uri, copyControl, anonymize, null, "invalid " + uri, reason);
    }

    /// As it is written in the list.
    public String uri() {
        return uri;
    }

    public CopyControl copyControl() {
        return copyControl;
    }

    /// Nobody else may see this recipient (RFC 5364 4); it is for lists of who else got a message,
    /// which copies never carry (L12).
    public boolean anonymize() {
        return anonymize;
    }

    /// Where the copy goes: the URI cut to what an entry may say (L9). Empty when the entry is
    /// invalid.
    public Optional<Uri> recipient() {
        return Optional.ofNullable(recipient);
    }

    public boolean isValid() {
        return recipient != null;
    }

    /// Why the entry is invalid; empty when it is not.
    public String reason() {
        return reason;
    }

    /// Equal for entries that mean the same recipient.
    String key() {
        return key;
    }

    /// This entry, where a later one means the same recipient.
    Entry merge(Entry later) {
        var highest = copyControl.highest(later.copyControl);
        boolean either = anonymize || later.anonymize;
        return highest == copyControl && either == anonymize
                ? this
                : new Entry(uri, highest, either, recipient, key, reason);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry entry
                && uri.equals(entry.uri)
                && copyControl == entry.copyControl
                && anonymize == entry.anonymize
                && Objects.equals(recipient, entry.recipient)
                && reason.equals(entry.reason);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    @Override
    public String toString() {
        return copyControl.value() + " " + uri + (isValid() ? "" : " (" + reason + ")");
    }
}
