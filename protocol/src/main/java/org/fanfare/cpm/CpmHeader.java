package org.fanfare.cpm;

/// The names of the SIP header fields that CPM adds or leans on (Appendix C).
public final class CpmHeader {

    public static final String CONVERSATION_ID = "Conversation-ID";
    public static final String CONTRIBUTION_ID = "Contribution-ID";
    public static final String IN_REPLY_TO_CONTRIBUTION_ID = "InReplyTo-Contribution-ID";
    public static final String MESSAGE_EXPIRES = "Message-Expires";
    public static final String MESSAGE_UID = "Message-UID";
    public static final String SESSION_REPLACES = "Session-Replaces";

    public static final String ACCEPT_CONTACT = "Accept-Contact";
    public static final String P_ASSERTED_IDENTITY = "P-Asserted-Identity";
    public static final String P_PREFERRED_IDENTITY = "P-Preferred-Identity";
    public static final String P_ASSERTED_SERVICE = "P-Asserted-Service";
    public static final String P_PREFERRED_SERVICE = "P-Preferred-Service";
    public static final String PRIVACY = "Privacy";
    public static final String USER_AGENT = "User-Agent";
    public static final String SERVER = "Server";
    public static final String WARNING = "Warning";

    private CpmHeader() {}
}
