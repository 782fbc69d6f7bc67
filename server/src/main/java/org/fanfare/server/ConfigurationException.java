package org.fanfare.server;

/// The configuration cannot be used: where it says so, which key, why, and which known key is
/// nearest to that one. The command ends with exit status 78 on it.
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String source;
    private final int line;
    private final String key;
    private final String nearest;

    ConfigurationException(Place place, String key, String reason, String nearest) {
        super(message(place, key, reason), null, false, false);
        this.source = place.source();
        this.line = place.line();
        this.key = key;
        this.nearest = nearest;
    }

    private static String message(Place place, String key, String reason) {
        var where = place.toString();
        return (where.isEmpty() ? "" : where + ": ") + (key.isEmpty() ? "" : key + ": ") + reason;
    }

    /// The file, or the option of the command line as it was given; empty for a default.
    public String source() {
        return source;
    }

    /// Counted from 1; 0 when there is no line to name.
    public int line() {
        return line;
    }

    /// The key from the root, its parts joined by dots; empty when the file as a whole is at fault.
    public String key() {
        return key;
    }

    /// The known key that is nearest to the one at fault: itself when it is known, its missing half
    /// for a pair that is half set.
    public String nearest() {
        return nearest;
    }
}
