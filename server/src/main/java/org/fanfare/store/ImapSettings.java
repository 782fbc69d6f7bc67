package org.fanfare.store;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/// How the message store is reached.
///
/// @param server `imap://HOST:PORT`, with TLS from the start of the session on unless the host is
///   this machine, or `imaps://HOST:PORT`
/// @param users names of the mailboxes
/// @param master who logs in for them (RFC 4616, authorization identity); nothing: each itself
/// @param secret password of the master, or of each mailbox
/// @param root folder of all conversations
/// @param timeout to connect, and for each answer
/// @param connections at the same time
/// @param pause how long the store is left alone when it does not answer
/// @param trust PEM file of the authorities that its certificate may come from; nothing: those of
///   the JDK
public record ImapSettings(
        URI server,
        MailboxNames users,
        @Nullable String master,
        String secret,
        String root,
        Duration timeout,
        int connections,
        Duration pause,
        @Nullable Path trust) {

    private static final int IMAP = 143;
    private static final int IMAPS = 993;

    /// Octets of an object that one command reads.
    private static final String FETCHED_AT_ONCE = Integer.toString(256 << 10);

    public static ImapSettings of(URI server, MailboxNames users, String secret) {
        return new ImapSettings(
                server,
                users,
                null,
                secret,
                "Default",
                Duration.ofSeconds(2),
                8,
                Duration.ofSeconds(5),
                null);
    }

    public ImapSettings withMaster(@Nullable String value) {
        return new ImapSettings(
                server, users, value, secret, root, timeout, connections, pause, trust);
    }

    public ImapSettings withRoot(String value) {
        return new ImapSettings(
                server, users, master, secret, value, timeout, connections, pause, trust);
    }

    public ImapSettings withTimeout(Duration value) {
        return new ImapSettings(
                server, users, master, secret, root, value, connections, pause, trust);
    }

    public ImapSettings withConnections(int value) {
        return new ImapSettings(server, users, master, secret, root, timeout, value, pause, trust);
    }

    public ImapSettings withPause(Duration value) {
        return new ImapSettings(
                server, users, master, secret, root, timeout, connections, value, trust);
    }

    public ImapSettings withTrust(@Nullable Path value) {
        return new ImapSettings(
                server, users, master, secret, root, timeout, connections, pause, value);
    }

    String protocol() {
        return server.getScheme();
    }

    String host() {
        return server.getHost();
    }

    int port() {
        return server.getPort() > 0 ? server.getPort() : defaultPort();
    }

    int defaultPort() {
        return protocol().equals("imaps") ? IMAPS : IMAP;
    }

    /// In the words of the IMAP library.
    Properties properties() {
        var properties = new Properties();
        var prefix = "mail." + protocol() + ".";
        var millis = Long.toString(timeout.toMillis());
        properties.setProperty(prefix + "connectiontimeout", millis);
        properties.setProperty(prefix + "timeout", millis);
        properties.setProperty(prefix + "writetimeout", millis);
        properties.setProperty(prefix + "connectionpoolsize", "1");
        properties.setProperty(prefix + "ssl.checkserveridentity", "true");
        properties.setProperty(prefix + "closefoldersonstorefailure", "false");
        properties.setProperty(prefix + "finalizecleanclose", "false");
        properties.setProperty(prefix + "fetchsize", FETCHED_AT_ONCE); // whatever its size (B13)
        if (protocol().equals("imap") && !isThisMachine()) {
            properties.setProperty(prefix + "starttls.enable", "true");
            properties.setProperty(prefix + "starttls.required", "true");
        }
        if (trust != null) {
            properties.put(prefix + "ssl.socketFactory", Authorities.socketFactory(trust));
            properties.setProperty(prefix + "socketFactory.fallback", "false"); // nor others (P16)
        }
        return properties;
    }

    /// Nothing on the way could listen.
    private boolean isThisMachine() {
        try {
            return InetAddress.getByName(host()).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return server + " " + users;
    }
}
