package org.fanfare.peers;

import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;

import org.fanfare.cli.mailstore.DovecotFolder;
import org.fanfare.testing.TestCertificates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/// Dovecot as a message store, with a mailbox for alice and a master user who may act for her.
final class Dovecot implements AutoCloseable {

    static final String MASTER = "fanfare";
    static final String MASTER_SECRET = "master-secret";
    static final String SECRET = "secret";

    private final int port = Peers.freePort();
    private final int imaps = Peers.freePort();
    private final Path folder;
    private final String address;
    private final DovecotFolder files;
    private String tls = DovecotFolder.WITHOUT_TLS;
    private PeerProcess process;

    /// On loopback, without TLS.
    Dovecot(Path folder) throws IOException {
        this(folder, Peers.LOOPBACK, List.of());
    }

    /// On an address of this machine, with a certificate for these names; without TLS when there
    /// are none.
    Dovecot(Path folder, String address, List<String> names) throws IOException {
        Peers.need("dovecot");
        this.folder = folder;
        this.address = address;
        files =
                DovecotFolder.at(
                        folder,
                        Map.of("alice@home.example", SECRET),
                        Map.of(MASTER, MASTER_SECRET));
        Files.writeString(folder.resolve("secret"), MASTER_SECRET + "\n");
        certificate(names);
        start();
    }

    /// From the next start on.
    void certificate(List<String> names) {
        if (names.isEmpty()) {
            tls = DovecotFolder.WITHOUT_TLS;
        } else {
            TestCertificates.writeTo(folder, names.toArray(String[]::new));
            tls =
                    """
                    ssl = required
                    ssl_cert = <%1$s/cert.pem
                    ssl_key = <%1$s/key.pem
                    """
                            .formatted(folder);
        }
    }

    /// Again, after it was stopped, with what it had.
    void start() throws IOException {
        boolean secure = !tls.equals(DovecotFolder.WITHOUT_TLS);
        var configuration = files.configuration(address, port, secure ? imaps : 0, tls);
        process =
                PeerProcess.start(
                        "dovecot",
                        folder.resolve("run"),
                        List.of("/usr/sbin/dovecot", "-F", "-c", configuration.toString()));
        process.awaitListening(address, port);
        if (secure) {
            process.awaitListening(address, imaps);
        }
    }

    String uri() {
        return uri("imap");
    }

    /// By `imap` or `imaps`.
    String uri(String scheme) {
        return "%s://%s:%d".formatted(scheme, address, scheme.equals("imaps") ? imaps : port);
    }

    /// Who has logged in, as it notes it.
    List<String> logins() throws IOException {
        try (var lines = Files.lines(folder.resolve("log"))) {
            return lines.filter(line -> line.contains("Login: user=<")).toList();
        }
    }

    Path passwordOfAlice() throws IOException {
        return Files.writeString(folder.resolve("alice"), SECRET + "\n");
    }

    /// The section `store` of a server that uses it.
    String configuration() {
        return configuration("imap");
    }

    String configuration(String scheme) {
        return """
        store:
          imap: "%s"
          master: %s
          secret-file: "%s"
          try-again: 500ms
          timeout: 20s
        policy: {record: always}
        """
                .formatted(uri(scheme), MASTER, folder.resolve("secret"));
    }

    /// An object as alice's client sees it.
    record Stored(String folder, long uid, String text) {}

    /// Everything that alice has, read with her own password.
    List<Stored> objects() throws MessagingException, IOException {
        var anyTls = new Properties();
        anyTls.setProperty("mail.imap.starttls.enable", "true");
        anyTls.setProperty("mail.imap.ssl.trust", "*");
        anyTls.setProperty("mail.imap.ssl.checkserveridentity", "false");
        var store = Session.getInstance(anyTls).getStore("imap");
        store.connect(address, port, "alice@home.example", SECRET);
        try (store) {
            var objects = new ArrayList<Stored>();
            for (var box : store.getDefaultFolder().list("*")) {
                if ((box.getType() & Folder.HOLDS_MESSAGES) != 0) {
                    box.open(Folder.READ_ONLY);
                    for (var message : box.getMessages()) {
                        var octets = new ByteArrayOutputStream();
                        message.writeTo(octets);
                        objects.add(
                                new Stored(
                                        box.getFullName(),
                                        ((jakarta.mail.UIDFolder) box).getUID(message),
                                        octets.toString(StandardCharsets.UTF_8)));
                    }
                    box.close(false);
                }
            }
            return objects;
        }
    }

    private interface Work {
        void with(Folder folder) throws MessagingException;
    }

    private void in(String name, Work work) throws MessagingException {
        var store = Session.getInstance(new Properties()).getStore("imap");
        store.connect(address, port, "alice@home.example", SECRET);
        try (store) {
            work.with(store.getFolder(name));
        }
    }

    /// Puts an object into a folder of alice, past the server; the folder is made if need be.
    void put(String name, String object) throws MessagingException {
        in(
                name,
                folder -> {
                    if (!folder.exists()) {
                        folder.create(Folder.HOLDS_MESSAGES);
                    }
                    var octets = object.getBytes(StandardCharsets.ISO_8859_1);
                    folder.appendMessages(
                            new Message[] {
                                new MimeMessage(null, new ByteArrayInputStream(octets))
                            });
                });
    }

    /// Sets a flag of the object with this number.
    void flag(String name, int number, Flags.Flag flag) throws MessagingException {
        in(
                name,
                folder -> {
                    folder.open(Folder.READ_WRITE);
                    folder.getMessage(number).setFlag(flag, true);
                    folder.close(flag == Flags.Flag.DELETED);
                });
    }

    void remove(String name, int number) throws MessagingException {
        flag(name, number, Flags.Flag.DELETED);
    }

    /// The folder itself.
    void delete(String name) throws MessagingException {
        in(name, folder -> folder.delete(true));
    }

    void stop() {
        process.close();
    }

    @Override
    public void close() {
        process.close();
    }
}
