package org.fanfare.sip;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Names of header fields, in their long form. Names have no case (RFC 3261 7.3.1).
public final class HeaderName {

    public static final String ACCEPT = "Accept";
    public static final String ACCEPT_CONTACT = "Accept-Contact";
    public static final String ACCEPT_ENCODING = "Accept-Encoding";
    public static final String ACCEPT_LANGUAGE = "Accept-Language";
    public static final String ALLOW = "Allow";
    public static final String AUTHENTICATION_INFO = "Authentication-Info";
    public static final String AUTHORIZATION = "Authorization";
    public static final String CALL_ID = "Call-ID";
    public static final String CONTACT = "Contact";
    public static final String CONTENT_DISPOSITION = "Content-Disposition";
    public static final String CONTENT_ENCODING = "Content-Encoding";
    public static final String CONTENT_LENGTH = "Content-Length";
    public static final String CONTENT_TYPE = "Content-Type";
    public static final String CONTRIBUTION_ID = "Contribution-ID";
    public static final String CONVERSATION_ID = "Conversation-ID";
    public static final String CSEQ = "CSeq";
    public static final String DATE = "Date";
    public static final String EVENT = "Event";
    public static final String EXPIRES = "Expires";
    public static final String FROM = "From";
    public static final String IN_REPLY_TO_CONTRIBUTION_ID = "InReplyTo-Contribution-ID";
    public static final String MAX_BREADTH = "Max-Breadth";
    public static final String MAX_FORWARDS = "Max-Forwards";
    public static final String MESSAGE_EXPIRES = "Message-Expires";
    public static final String MESSAGE_UID = "Message-UID";
    public static final String MIN_EXPIRES = "Min-Expires";
    public static final String MIN_SE = "Min-SE";
    public static final String P_ASSERTED_IDENTITY = "P-Asserted-Identity";
    public static final String P_ASSERTED_SERVICE = "P-Asserted-Service";
    public static final String P_PREFERRED_IDENTITY = "P-Preferred-Identity";
    public static final String P_PREFERRED_SERVICE = "P-Preferred-Service";
    public static final String PATH = "Path";
    public static final String PRIVACY = "Privacy";
    public static final String PROXY_AUTHENTICATE = "Proxy-Authenticate";
    public static final String PROXY_AUTHORIZATION = "Proxy-Authorization";
    public static final String PROXY_REQUIRE = "Proxy-Require";
    public static final String REASON = "Reason";
    public static final String RECORD_ROUTE = "Record-Route";
    public static final String REPLY_TO = "Reply-To";
    public static final String REQUIRE = "Require";
    public static final String RETRY_AFTER = "Retry-After";
    public static final String ROUTE = "Route";
    public static final String SERVER = "Server";
    public static final String SESSION_EXPIRES = "Session-Expires";
    public static final String SUBJECT = "Subject";
    public static final String SUBSCRIPTION_STATE = "Subscription-State";
    public static final String SUPPORTED = "Supported";
    public static final String TIMESTAMP = "Timestamp";
    public static final String TO = "To";
    public static final String UNSUPPORTED = "Unsupported";
    public static final String USER_AGENT = "User-Agent";
    public static final String VIA = "Via";
    public static final String WARNING = "Warning";
    public static final String WWW_AUTHENTICATE = "WWW-Authenticate";

    /// Compact forms (RFC 3261 7.3.3 and the registry of header fields).
    private static final Map<Character, String> LONG_FORMS =
            Map.ofEntries(
                    Map.entry('a', ACCEPT_CONTACT),
                    Map.entry('b', "Referred-By"),
                    Map.entry('c', CONTENT_TYPE),
                    Map.entry('d', "Request-Disposition"),
                    Map.entry('e', CONTENT_ENCODING),
                    Map.entry('f', FROM),
                    Map.entry('i', CALL_ID),
                    Map.entry('j', "Reject-Contact"),
                    Map.entry('k', SUPPORTED),
                    Map.entry('l', CONTENT_LENGTH),
                    Map.entry('m', CONTACT),
                    Map.entry('n', "Identity-Info"),
                    Map.entry('o', EVENT),
                    Map.entry('r', "Refer-To"),
                    Map.entry('s', SUBJECT),
                    Map.entry('t', TO),
                    Map.entry('u', "Allow-Events"),
                    Map.entry('v', VIA),
                    Map.entry('x', SESSION_EXPIRES),
                    Map.entry('y', "Identity"));

    private static final Map<String, Character> COMPACT_FORMS = compactForms();

    /// Whose values hold commas that separate nothing.
    private static final Set<String> NOT_LISTS =
            Set.of(
                    "authentication-info",
                    "authorization",
                    "call-id",
                    "content-disposition",
                    "content-length",
                    "content-type",
                    "contribution-id",
                    "conversation-id",
                    "cseq",
                    "date",
                    "event",
                    "expires",
                    "from",
                    "inreplyto-contribution-id",
                    "max-breadth",
                    "max-forwards",
                    "message-expires",
                    "message-uid",
                    "min-expires",
                    "min-se",
                    "organization",
                    "privacy",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "refer-to",
                    "referred-by",
                    "reply-to",
                    "retry-after",
                    "server",
                    "session-expires",
                    "subject",
                    "subscription-state",
                    "timestamp",
                    "to",
                    "user-agent",
                    "www-authenticate");

    private HeaderName() {}

    private static Map<String, Character> compactForms() {
        var forms = new HashMap<String, Character>();
        LONG_FORMS.forEach((compact, name) -> forms.put(name, compact));
        LONG_FORMS.forEach((compact, name) -> forms.put(name.toLowerCase(Locale.ROOT), compact));
        return Map.copyOf(forms);
    }

    /// The long form of a compact name; any other name as it is.
    public static String longForm(String name) {
        if (name.length() != 1) {
            return name;
        }
        return LONG_FORMS.getOrDefault(Character.toLowerCase(name.charAt(0)), name);
    }

    /// The compact form of a long name in lower case, or 0.
    static char compactForm(String longName) {
        var compact = COMPACT_FORMS.get(longName);
        if (compact == null) {
            compact = COMPACT_FORMS.get(longName.toLowerCase(Locale.ROOT));
        }
        return compact == null ? 0 : compact;
    }

    /// Whether a comma outside quotes and brackets separates values of this field.
    static boolean isList(String name) {
        return !NOT_LISTS.contains(longForm(name).toLowerCase(Locale.ROOT));
    }
}
