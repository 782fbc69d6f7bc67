package org.fanfare.ledger;

/// Names the content of a large message, which is kept in a file beside the ledger.
///
/// @param id of the spool, "" for none
/// @param length octets of the content
/// @param checksum CRC32C of the content
public record SpoolReference(String id, long length, long checksum) {

    /// A message whose content is in its record (pager mode).
    public static final SpoolReference NONE = new SpoolReference("", 0, 0);

    public SpoolReference {
        if (id.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("id: contains NUL");
        }
        if (length < 0) {
            throw new IllegalArgumentException("length: expected 0 or more, got " + length);
        }
    }

    public boolean isNone() {
        return id.isEmpty();
    }
}
