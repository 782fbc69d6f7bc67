package org.fanfare.cpim;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;

/// What NS declares: a prefix, empty for the default, and the URI that it stands for (RFC 3862
/// 4.6).
record CpimNamespace(String prefix, String uri) {

    /// Handsets write `NS: imdn<urn:..>` and `NS: imdn <urn:..>`; the grammar has the first, its
    /// examples have the second.
    static CpimNamespace parse(CpimHeader header) {
        var value = header.value();
        int open = value.indexOf('<');
        if (open < 0) {
            Leniency.CPIM_BARE_NAMESPACE.taken();
            open = value.lastIndexOf(' ');
        }
        int close = value.endsWith(">") ? value.length() - 1 : value.length();
        var prefix = value.substring(0, Math.max(open, 0)).strip();
        if (open + 1 >= close
                || value.indexOf(':', open + 1) < 0
                || !prefix.chars().allMatch(CpimHeader::isNameCharacter)) {
            throw new MalformedMessage(
                    "NS: expected \"prefix <URI>\"", header.offset(), "RFC 3862 4.6");
        }
        var uri = value.substring(open + 1, close);
        return new CpimNamespace(
                prefix,
                uri.equals(CpimHeader.CPM_NAMESPACE_VARIANT) ? CpimHeader.CPM_NAMESPACE : uri);
    }

    @Override
    public String toString() {
        return prefix + " <" + uri + ">";
    }
}
