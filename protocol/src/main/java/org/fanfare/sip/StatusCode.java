package org.fanfare.sip;

import java.util.Map;

/// Status codes of responses with their reason phrases (RFC 3261 21 and its successors).
public final class StatusCode {

    public static final int TRYING = 100;
    public static final int RINGING = 180;
    public static final int SESSION_PROGRESS = 183;
    public static final int OK = 200;
    public static final int ACCEPTED = 202;
    public static final int NO_NOTIFICATION = 204;
    public static final int MULTIPLE_CHOICES = 300;
    public static final int MOVED_PERMANENTLY = 301;
    public static final int MOVED_TEMPORARILY = 302;
    public static final int USE_PROXY = 305;
    public static final int ALTERNATIVE_SERVICE = 380;
    public static final int BAD_REQUEST = 400;
    public static final int UNAUTHORIZED = 401;
    public static final int PAYMENT_REQUIRED = 402;
    public static final int FORBIDDEN = 403;
    public static final int NOT_FOUND = 404;
    public static final int METHOD_NOT_ALLOWED = 405;
    public static final int NOT_ACCEPTABLE = 406;
    public static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    public static final int REQUEST_TIMEOUT = 408;
    public static final int GONE = 410;
    public static final int CONDITIONAL_REQUEST_FAILED = 412;
    public static final int REQUEST_ENTITY_TOO_LARGE = 413;
    public static final int REQUEST_URI_TOO_LONG = 414;
    public static final int UNSUPPORTED_MEDIA_TYPE = 415;
    public static final int UNSUPPORTED_URI_SCHEME = 416;
    public static final int UNKNOWN_RESOURCE_PRIORITY = 417;
    public static final int BAD_EXTENSION = 420;
    public static final int EXTENSION_REQUIRED = 421;
    public static final int SESSION_INTERVAL_TOO_SMALL = 422;
    public static final int INTERVAL_TOO_BRIEF = 423;
    public static final int BAD_LOCATION_INFORMATION = 424;
    public static final int USE_IDENTITY_HEADER = 428;
    public static final int PROVIDE_REFERRER_IDENTITY = 429;
    public static final int FLOW_FAILED = 430;
    public static final int ANONYMITY_DISALLOWED = 433;
    public static final int BAD_IDENTITY_INFO = 436;
    public static final int UNSUPPORTED_CREDENTIAL = 437;
    public static final int INVALID_IDENTITY_HEADER = 438;
    public static final int FIRST_HOP_LACKS_OUTBOUND_SUPPORT = 439;
    public static final int MAX_BREADTH_EXCEEDED = 440;
    public static final int BAD_INFO_PACKAGE = 469;
    public static final int CONSENT_NEEDED = 470;
    public static final int TEMPORARILY_UNAVAILABLE = 480;
    public static final int CALL_OR_TRANSACTION_DOES_NOT_EXIST = 481;
    public static final int LOOP_DETECTED = 482;
    public static final int TOO_MANY_HOPS = 483;
    public static final int ADDRESS_INCOMPLETE = 484;
    public static final int AMBIGUOUS = 485;
    public static final int BUSY_HERE = 486;
    public static final int REQUEST_TERMINATED = 487;
    public static final int NOT_ACCEPTABLE_HERE = 488;
    public static final int BAD_EVENT = 489;
    public static final int REQUEST_PENDING = 491;
    public static final int UNDECIPHERABLE = 493;
    public static final int SECURITY_AGREEMENT_REQUIRED = 494;
    public static final int SERVER_INTERNAL_ERROR = 500;
    public static final int NOT_IMPLEMENTED = 501;
    public static final int BAD_GATEWAY = 502;
    public static final int SERVICE_UNAVAILABLE = 503;
    public static final int SERVER_TIMEOUT = 504;
    public static final int VERSION_NOT_SUPPORTED = 505;
    public static final int MESSAGE_TOO_LARGE = 513;
    public static final int PRECONDITION_FAILURE = 580;
    public static final int BUSY_EVERYWHERE = 600;
    public static final int DECLINE = 603;
    public static final int DOES_NOT_EXIST_ANYWHERE = 604;
    public static final int NOT_ACCEPTABLE_ANYWHERE = 606;
    public static final int UNWANTED = 607;
    public static final int REJECTED = 608;

    private static final Map<Integer, String> PHRASES =
            Map.ofEntries(
                    Map.entry(TRYING, "Trying"),
                    Map.entry(RINGING, "Ringing"),
                    Map.entry(181, "Call Is Being Forwarded"),
                    Map.entry(182, "Queued"),
                    Map.entry(SESSION_PROGRESS, "Session Progress"),
                    Map.entry(199, "Early Dialog Terminated"),
                    Map.entry(OK, "OK"),
                    Map.entry(ACCEPTED, "Accepted"),
                    Map.entry(NO_NOTIFICATION, "No Notification"),
                    Map.entry(MULTIPLE_CHOICES, "Multiple Choices"),
                    Map.entry(MOVED_PERMANENTLY, "Moved Permanently"),
                    Map.entry(MOVED_TEMPORARILY, "Moved Temporarily"),
                    Map.entry(USE_PROXY, "Use Proxy"),
                    Map.entry(ALTERNATIVE_SERVICE, "Alternative Service"),
                    Map.entry(BAD_REQUEST, "Bad Request"),
                    Map.entry(UNAUTHORIZED, "Unauthorized"),
                    Map.entry(PAYMENT_REQUIRED, "Payment Required"),
                    Map.entry(FORBIDDEN, "Forbidden"),
                    Map.entry(NOT_FOUND, "Not Found"),
                    Map.entry(METHOD_NOT_ALLOWED, "Method Not Allowed"),
                    Map.entry(NOT_ACCEPTABLE, "Not Acceptable"),
                    Map.entry(PROXY_AUTHENTICATION_REQUIRED, "Proxy Authentication Required"),
                    Map.entry(REQUEST_TIMEOUT, "Request Timeout"),
                    Map.entry(GONE, "Gone"),
                    Map.entry(CONDITIONAL_REQUEST_FAILED, "Conditional Request Failed"),
                    Map.entry(REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large"),
                    Map.entry(REQUEST_URI_TOO_LONG, "Request-URI Too Long"),
                    Map.entry(UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"),
                    Map.entry(UNSUPPORTED_URI_SCHEME, "Unsupported URI Scheme"),
                    Map.entry(UNKNOWN_RESOURCE_PRIORITY, "Unknown Resource-Priority"),
                    Map.entry(BAD_EXTENSION, "Bad Extension"),
                    Map.entry(EXTENSION_REQUIRED, "Extension Required"),
                    Map.entry(SESSION_INTERVAL_TOO_SMALL, "Session Interval Too Small"),
                    Map.entry(INTERVAL_TOO_BRIEF, "Interval Too Brief"),
                    Map.entry(BAD_LOCATION_INFORMATION, "Bad Location Information"),
                    Map.entry(USE_IDENTITY_HEADER, "Use Identity Header"),
                    Map.entry(PROVIDE_REFERRER_IDENTITY, "Provide Referrer Identity"),
                    Map.entry(FLOW_FAILED, "Flow Failed"),
                    Map.entry(ANONYMITY_DISALLOWED, "Anonymity Disallowed"),
                    Map.entry(BAD_IDENTITY_INFO, "Bad Identity Info"),
                    Map.entry(UNSUPPORTED_CREDENTIAL, "Unsupported Credential"),
                    Map.entry(INVALID_IDENTITY_HEADER, "Invalid Identity Header"),
                    Map.entry(FIRST_HOP_LACKS_OUTBOUND_SUPPORT, "First Hop Lacks Outbound Support"),
                    Map.entry(MAX_BREADTH_EXCEEDED, "Max-Breadth Exceeded"),
                    Map.entry(BAD_INFO_PACKAGE, "Bad Info Package"),
                    Map.entry(CONSENT_NEEDED, "Consent Needed"),
                    Map.entry(TEMPORARILY_UNAVAILABLE, "Temporarily Unavailable"),
                    Map.entry(
                            CALL_OR_TRANSACTION_DOES_NOT_EXIST, "Call/Transaction Does Not Exist"),
                    Map.entry(LOOP_DETECTED, "Loop Detected"),
                    Map.entry(TOO_MANY_HOPS, "Too Many Hops"),
                    Map.entry(ADDRESS_INCOMPLETE, "Address Incomplete"),
                    Map.entry(AMBIGUOUS, "Ambiguous"),
                    Map.entry(BUSY_HERE, "Busy Here"),
                    Map.entry(REQUEST_TERMINATED, "Request Terminated"),
                    Map.entry(NOT_ACCEPTABLE_HERE, "Not Acceptable Here"),
                    Map.entry(BAD_EVENT, "Bad Event"),
                    Map.entry(REQUEST_PENDING, "Request Pending"),
                    Map.entry(UNDECIPHERABLE, "Undecipherable"),
                    Map.entry(SECURITY_AGREEMENT_REQUIRED, "Security Agreement Required"),
                    Map.entry(SERVER_INTERNAL_ERROR, "Server Internal Error"),
                    Map.entry(NOT_IMPLEMENTED, "Not Implemented"),
                    Map.entry(BAD_GATEWAY, "Bad Gateway"),
                    Map.entry(SERVICE_UNAVAILABLE, "Service Unavailable"),
                    Map.entry(SERVER_TIMEOUT, "Server Time-out"),
                    Map.entry(VERSION_NOT_SUPPORTED, "Version Not Supported"),
                    Map.entry(MESSAGE_TOO_LARGE, "Message Too Large"),
                    Map.entry(PRECONDITION_FAILURE, "Precondition Failure"),
                    Map.entry(BUSY_EVERYWHERE, "Busy Everywhere"),
                    Map.entry(DECLINE, "Decline"),
                    Map.entry(DOES_NOT_EXIST_ANYWHERE, "Does Not Exist Anywhere"),
                    Map.entry(NOT_ACCEPTABLE_ANYWHERE, "Not Acceptable"),
                    Map.entry(UNWANTED, "Unwanted"),
                    Map.entry(REJECTED, "Rejected"));

    private StatusCode() {}

    /// Of an unknown code: that of its class.
    public static String reasonPhrase(int status) {
        var phrase = PHRASES.get(status);
        if (phrase != null) {
            return phrase;
        }
        return switch (status / 100) {
            case 1 -> "Session Progress";
            case 2 -> "OK";
            case 3 -> "Redirection";
            case 4 -> "Client Error";
            case 5 -> "Server Error";
            default -> "Global Failure";
        };
    }

    public static boolean isProvisional(int status) {
        return status < 200;
    }

    public static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }
}
