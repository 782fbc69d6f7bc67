package org.fanfare.cpm;

import org.fanfare.wire.MalformedMessage;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// The CPM release that a client or server says it follows, in User-Agent and Server (Appendix D).
public record ReleaseVersion(int major, int minor) implements Comparable<ReleaseVersion> {

    /// The release that has messages from one to many.
    public static final ReleaseVersion OMA_2_2 = new ReleaseVersion(2, 2);

    private static final Comparator<ReleaseVersion> ORDER =
            Comparator.comparingInt(ReleaseVersion::major).thenComparingInt(ReleaseVersion::minor);

    private static final Pattern PRODUCT =
            Pattern.compile(
                    "\\bCPM-(?:client|serv)/OMA(\\d{1,4})\\.(\\d{1,4})(?!\\d)",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern VERSION =
            Pattern.compile("(?:OMA)?(\\d{1,4})\\.(\\d{1,4})", Pattern.CASE_INSENSITIVE);

    /// Looks for the product of CPM anywhere in a field value; it should be the first one, and
    /// often is not.
    public static Optional<ReleaseVersion> find(String products) {
        var matcher = PRODUCT.matcher(products);
        return matcher.find()
                ? Optional.of(of(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /// Reads `OMA2.2` or `2.2`.
    public static ReleaseVersion parse(String text) {
        var matcher = VERSION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new MalformedMessage(
                    "release: expected a version such as OMA2.2", 0, "CPM Appendix D");
        }
        return of(matcher.group(1), matcher.group(2));
    }

    private static ReleaseVersion of(String major, String minor) {
        return new ReleaseVersion(Integer.parseInt(major), Integer.parseInt(minor));
    }

    public boolean isAtLeast(ReleaseVersion other) {
        return compareTo(other) >= 0;
    }

    /// The product of a client, first in its User-Agent and Server.
    public String clientProduct() {
        return "CPM-client/" + this;
    }

    /// The product of a server, first in its User-Agent and Server.
    public String serverProduct() {
        return "CPM-serv/" + this;
    }

    @Override
    public int compareTo(ReleaseVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "OMA" + major + "." + minor;
    }
}
