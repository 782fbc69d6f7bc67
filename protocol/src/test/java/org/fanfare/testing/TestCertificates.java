package org.fanfare.testing;

import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;

/// Certificates for tests, made when they are asked for, so that none expires. One root, which
/// everybody here trusts, signs them all. Written octet by octet (X.690, RFC 5280), because the JDK
/// has no public way and starting its keytool takes seconds.
public final class TestCertificates {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int OID = 0x06;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int UTF8_STRING = 0x0C;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int BOOLEAN = 0x01;
    private static final byte[] ECDSA_WITH_SHA256 =
            der(SEQUENCE, der(OID, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = der(OID, 0x55, 0x04, 0x03);
    private static final byte[] BASIC_CONSTRAINTS = der(OID, 0x55, 0x1D, 0x13);
    private static final byte[] ALTERNATIVE_NAME = der(OID, 0x55, 0x1D, 0x11);

    private static final KeyPair ROOT_KEYS = keys();
    private static final X509Certificate ROOT =
            certificate("test-root", ROOT_KEYS, der(SEQUENCE, BASIC_CONSTRAINTS, constraints()));

    private TestCertificates() {}

    /// Who shows a certificate with these names, and trusts the root.
    ///
    /// @param names like `ip:127.0.0.1`, `dns:home.example`, `uri:sip:home.example`
    public static TlsSettings settings(ClientAuthentication clients, String... names) {
        try {
            return TlsSettings.of(keyStore(names), PASSWORD, trust(), clients);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// Who trusts the root and has no certificate.
    public static TlsSettings anonymous() {
        try {
            return TlsSettings.of(empty(), PASSWORD, trust(), ClientAuthentication.NONE);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static X509Certificate root() {
        return ROOT;
    }

    /// The same as files of PEM: `cert.pem` with these names, `key.pem`, and `root.pem`.
    public static void writeTo(Path folder, String... names) {
        try {
            var store = keyStore(names);
            write(folder, "cert", "CERTIFICATE", store.getCertificate("own").getEncoded());
            write(folder, "key", "PRIVATE KEY", store.getKey("own", PASSWORD).getEncoded());
            write(folder, "root", "CERTIFICATE", ROOT.getEncoded());
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path folder, String name, String what, byte[] octets)
            throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(octets);
        var text = new String(lines, StandardCharsets.US_ASCII);
        Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, text));
    }

    /// One entry, `own`.
    public static KeyStore keyStore(String... names) throws GeneralSecurityException {
        var keys = keys();
        var store = empty();
        var extension = der(SEQUENCE, ALTERNATIVE_NAME, der(OCTET_STRING, alternatives(names)));
        var own = certificate("test", keys, extension);
        store.setKeyEntry("own", keys.getPrivate(), PASSWORD, new X509Certificate[] {own, ROOT});
        return store;
    }

    private static KeyStore trust() throws GeneralSecurityException {
        var store = empty();
        store.setCertificateEntry("root", ROOT);
        return store;
    }

    private static KeyStore empty() throws GeneralSecurityException {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            return store;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// RFC 5280 4.1, version 3.
    private static X509Certificate certificate(String name, KeyPair keys, byte[] extension) {
        var now = Instant.now();
        var signed =
                der(
                        SEQUENCE,
                        der(0xA0, der(INTEGER, 2)),
                        der(INTEGER, BigInteger.valueOf(System.nanoTime()).abs().toByteArray()),
                        ECDSA_WITH_SHA256,
                        name("test-root"),
                        der(
                                SEQUENCE,
                                time(now.minus(Duration.ofDays(1))),
                                time(now.plus(Duration.ofDays(30)))),
                        name(name),
                        keys.getPublic().getEncoded(),
                        der(0xA3, der(SEQUENCE, extension)));
        try {
            var octets =
                    der(
                            SEQUENCE,
                            signed,
                            ECDSA_WITH_SHA256,
                            der(BIT_STRING, new byte[1], signature(signed, rootKey(keys))));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(octets));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /// The root signs itself while it is made.
    private static PrivateKey rootKey(KeyPair keys) {
        return (ROOT_KEYS == null ? keys : ROOT_KEYS).getPrivate();
    }

    private static byte[] signature(byte[] octets, PrivateKey key) throws GeneralSecurityException {
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(octets);
        return signature.sign();
    }

    private static byte[] name(String commonName) {
        var text = der(UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, text)));
    }

    private static byte[] time(Instant instant) {
        var text =
                DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                        .withZone(ZoneOffset.UTC)
                        .format(instant);
        return der(GENERALIZED_TIME, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] constraints() {
        return der(OCTET_STRING, der(SEQUENCE, der(BOOLEAN, 0xFF)));
    }

    private static byte[] alternatives(String... names) {
        return der(
                SEQUENCE,
                List.of(names).stream().map(TestCertificates::alternative).toArray(byte[][]::new));
    }

    /// RFC 5280 4.2.1.6, GeneralName.
    private static byte[] alternative(String name) {
        int colon = name.indexOf(':');
        var value = name.substring(colon + 1);
        return switch (name.substring(0, colon)) {
            case "dns" -> der(0x82, value.getBytes(StandardCharsets.US_ASCII));
            case "uri" -> der(0x86, value.getBytes(StandardCharsets.US_ASCII));
            case "ip" -> der(0x87, InetAddress.ofLiteral(value).getAddress());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static byte[] der(int tag, int... content) {
        var octets = new byte[content.length];
        for (int i = 0; i < content.length; i++) {
            octets[i] = (byte) content[i];
        }
        return der(tag, octets);
    }

    /// Tag, length, content.
    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length > 0xFF) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7F) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
