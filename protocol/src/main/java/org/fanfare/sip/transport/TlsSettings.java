package org.fanfare.sip.transport;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// How TLS is spoken: TLS 1.3 or 1.2, with what the JDK allows today instead of the cipher suites
/// of RFC 3261 26.2.1.
///
/// @param context our certificate and whom we trust, as client and as server
/// @param clientAuthentication what a server of ours asks of its clients
/// @param certified whether there is a certificate of ours: without one we are no server
public record TlsSettings(
        SSLContext context, ClientAuthentication clientAuthentication, boolean certified) {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = {};

    /// Whether a client must show a certificate (mutual TLS).
    public enum ClientAuthentication {
        NONE,
        /// May show one; a wrong one is refused.
        WANT,
        NEED
    }

    /// The trust of the JDK and no certificate of ours: enough for a client.
    public static TlsSettings ofClient() {
        try {
            return new TlsSettings(SSLContext.getDefault(), ClientAuthentication.NONE, false);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no default TLS context", e);
        }
    }

    /// No certificate of ours.
    ///
    /// @param trust PEM: the roots we trust
    /// @throws IOException when the file is not there or not what it must be; says which
    public static TlsSettings ofClient(Path trust) throws IOException {
        try {
            return of(emptyStore(), NO_PASSWORD, storeOf(trust), ClientAuthentication.NONE);
        } catch (GeneralSecurityException e) {
            throw new IOException(trust + ": " + e.getMessage(), e);
        }
    }

    /// From files as every tool writes them.
    ///
    /// @param certificate PEM: ours first, then those that lead to the root
    /// @param key PEM: PKCS 8, not encrypted (`BEGIN PRIVATE KEY`)
    /// @param trust PEM: the roots we trust; null for those of the JDK
    /// @throws IOException when a file is not there or not what it must be; says which
    public static TlsSettings ofPem(
            Path certificate,
            Path key,
            @Nullable Path trust,
            ClientAuthentication clientAuthentication)
            throws IOException {
        var chain = certificates(certificate);
        var privateKey = privateKey(key);
        try {
            var own = emptyStore();
            own.setKeyEntry("own", privateKey, NO_PASSWORD, chain.toArray(Certificate[]::new));
            return of(
                    own, NO_PASSWORD, trust == null ? null : storeOf(trust), clientAuthentication);
        } catch (GeneralSecurityException e) {
            throw new IOException(certificate + " and " + key + ": " + e.getMessage(), e);
        }
    }

    /// From key stores.
    ///
    /// @param own our key and certificate
    /// @param trust the roots we trust; null for those of the JDK
    public static TlsSettings of(
            KeyStore own,
            char[] password,
            @Nullable KeyStore trust,
            ClientAuthentication clientAuthentication)
            throws GeneralSecurityException {
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return new TlsSettings(context, clientAuthentication, own.size() > 0);
    }

    private static KeyStore storeOf(Path trust) throws IOException, GeneralSecurityException {
        var store = emptyStore();
        int number = 0;
        for (var root : certificates(trust)) {
            store.setCertificateEntry("root" + number, root);
            number++;
        }
        return store;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException {
        try {
            var found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(Files.readAllBytes(file)));
            if (found.isEmpty()) {
                throw new IOException(file + ": expected BEGIN CERTIFICATE, found no certificate");
            }
            return found;
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": expected certificates in PEM: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException {
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        int from = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int to = text.indexOf("-----END PRIVATE KEY-----");
        if (from < 0 || to < from) {
            throw new IOException(
                    file
                            + ": expected BEGIN PRIVATE KEY (PKCS 8, not encrypted; openssl pkcs8"
                            + " -topk8 -nocrypt)");
        }
        var base64 = text.substring(from + "-----BEGIN PRIVATE KEY-----".length(), to);
        try {
            return privateKey(
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)), file);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": the private key is not base64", e);
        }
    }

    private static PrivateKey privateKey(PKCS8EncodedKeySpec spec, Path file) throws IOException {
        for (var algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // Of another kind: the next one.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this JDK has no " + algorithm, e);
            }
        }
        throw new IOException(file + ": expected an RSA, EC or EdDSA key");
    }

    /// Prepares the side that was connected to.
    public void asServer(SSLSocket socket) {
        socket.setUseClientMode(false);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        switch (clientAuthentication) {
            case NONE -> parameters.setWantClientAuth(false);
            case WANT -> parameters.setWantClientAuth(true);
            case NEED -> parameters.setNeedClientAuth(true);
        }
        socket.setSSLParameters(parameters);
    }

    /// Prepares the side that connects. The name is checked after the handshake (RFC 5922 7.3).
    public void asClient(SSLSocket socket) {
        socket.setUseClientMode(true);
        var parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        socket.setSSLParameters(parameters);
    }
}
