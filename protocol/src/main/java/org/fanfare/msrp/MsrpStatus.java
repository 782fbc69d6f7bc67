package org.fanfare.msrp;

/// The status codes of RFC 4975 section 10.
public final class MsrpStatus {

    public static final int OK = 200;
    public static final int BAD_REQUEST = 400;
    public static final int FORBIDDEN = 403;
    public static final int REQUEST_TIMEOUT = 408;

    /// Stop sending this message.
    public static final int STOP_SENDING = 413;

    public static final int UNSUPPORTED_MEDIA_TYPE = 415;

    /// A parameter out of bounds.
    public static final int OUT_OF_BOUNDS = 423;

    public static final int NO_SUCH_SESSION = 481;
    public static final int UNKNOWN_METHOD = 501;

    /// The session is bound to another connection.
    public static final int OTHER_CONNECTION = 506;

    private MsrpStatus() {}

    /// For people.
    public static String comment(int status) {
        return switch (status) {
            case OK -> "OK";
            case BAD_REQUEST -> "Bad Request";
            case FORBIDDEN -> "Forbidden";
            case REQUEST_TIMEOUT -> "Request Timeout";
            case STOP_SENDING -> "Stop Sending";
            case UNSUPPORTED_MEDIA_TYPE -> "Unsupported Media Type";
            case OUT_OF_BOUNDS -> "Parameter Out Of Bounds";
            case NO_SUCH_SESSION -> "No Such Session";
            case UNKNOWN_METHOD -> "Unknown Method";
            case OTHER_CONNECTION -> "Session In Use";
            default -> "Unknown";
        };
    }
}
