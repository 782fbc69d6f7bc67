package org.fanfare.store;

import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// An object in the message store, as an IMAP URL names it (RFC 5092, references k.4).
///
/// @param user empty for none
/// @param folder decoded; levels separated as the store does it
/// @param section of a part, by the numbers of IMAP; empty for the whole object
record StoreUrl(
        String scheme,
        String user,
        String host,
        int port,
        String folder,
        OptionalLong validity,
        long uid,
        List<Integer> section) {

    private static final int MOST_LEVELS = 5;

    /// @throws StoreFailure when it is no such URL, or names a folder instead of an object
    static StoreUrl parse(String text) throws StoreFailure {
        try {
            return parse(URI.create(text.strip()));
        } catch (IllegalArgumentException _) {
            throw new StoreFailure(Reason.UNSUPPORTED, "no IMAP URL");
        }
    }

    private static StoreUrl parse(URI url) throws StoreFailure {
        var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!List.of("imap", "imaps").contains(scheme)
                || url.getHost() == null
                || url.getRawPath() == null) {
            throw new StoreFailure(Reason.UNSUPPORTED, "no IMAP URL");
        }
        var components = new ArrayList<>(List.of(url.getRawPath().split(";", -1)));
        var folder = decoded(withoutSlashes(components.removeFirst()));
        return new StoreUrl(
                scheme,
                user(url),
                url.getHost().toLowerCase(Locale.ROOT),
                url.getPort(),
                folder,
                value(components, "UIDVALIDITY").stream().mapToLong(Long::parseLong).findFirst(),
                value(components, "UID")
                        .map(Long::parseLong)
                        .orElseThrow(() ->
                                new StoreFailure( // 8.2.1.1/5.a.session 8.2.1.1/5.a.conv
                                        Reason.UNSUPPORTED, "names a folder, not an object")),
                section(value(components, "SECTION").orElse("")));
    }

    private static String user(URI url) {
        var user = Optional.ofNullable(url.getRawUserInfo()).orElse("");
        int auth = user.indexOf(';');
        return decoded(auth < 0 ? user : user.substring(0, auth));
    }

    private static Optional<String> value(List<String> components, String name) {
        var start = name + "=";
        return components.stream()
                .map(StoreUrl::withoutSlashes)
                .filter(c -> c.regionMatches(true, 0, start, 0, start.length()))
                .map(c -> c.substring(start.length()))
                .findFirst();
    }

    private static String withoutSlashes(String text) {
        int from = text.startsWith("/") ? 1 : 0;
        int to = text.endsWith("/") && text.length() > from ? text.length() - 1 : text.length();
        return text.substring(from, to);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static List<Integer> section(String numbers) throws StoreFailure {
        if (numbers.isEmpty()) {
            return List.of();
        }
        var section = Arrays.stream(numbers.split("\\.", -1)).map(Integer::valueOf).toList();
        if (section.size() > MOST_LEVELS) {
            throw new StoreFailure(Reason.UNSUPPORTED, "a part so deep");
        }
        return section;
    }

    /// Only our store, and there only the user's own mailbox (reliability B13): we could read all.
    void check(ImapSettings settings, String mailbox, String address) throws StoreFailure {
        boolean ours =
                host.equals(settings.host().toLowerCase(Locale.ROOT))
                        && (port < 0 || port == settings.port());
        boolean own = user.isEmpty() || user.equals(mailbox) || isSame(user, address);
        boolean climbs =
                Arrays.stream(folder.split("/", -1))
                        .anyMatch(level ->
                                level.isEmpty() || level.equals("..") || level.equals("."));
        if (!ours || !own || climbs) {
            throw new StoreFailure(Reason.NOT_ALLOWED, "not in the sender's mailbox");
        }
    }

    private static boolean isSame(String user, String address) {
        try {
            return Uri.parse(user).canonical().equals(address);
        } catch (MalformedMessage _) {
            return false;
        }
    }
}
