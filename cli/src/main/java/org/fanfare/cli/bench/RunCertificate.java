package org.fanfare.cli.bench;

import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// The certificate of one run over TLS: made for it, of 127.0.0.1, and believed because it is
/// itself the only root that the processes of the run trust.
///
/// @param folder where it lies, as PEM
public record RunCertificate(Path folder) {

    private static final String PASSWORD = "benchmark";

    /// Made by the keytool of this JDK, which takes about a second.
    public static RunCertificate make(Path folder) throws IOException, InterruptedException {
        var store = folder.resolve("run.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var arguments =
                "-genkeypair -alias run -keyalg EC -groupname secp256r1 -dname CN=fanfare-bench"
                        + " -ext SAN=ip:127.0.0.1 -validity 2 -storetype PKCS12 -storepass "
                        + PASSWORD;
        var made =
                new ProcessBuilder(keytool)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile());
        made.command().addAll(List.of(arguments.split(" ", -1)));
        made.command().addAll(List.of("-keystore", store.toString()));
        if (made.start().waitFor() != 0) {
            throw new IOException(Files.readString(folder.resolve("keytool.log")));
        }
        try {
            return written(KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray()), folder);
        } catch (GeneralSecurityException e) {
            throw new IOException(store + ": " + e.getMessage(), e);
        }
    }

    private static RunCertificate written(KeyStore store, Path folder)
            throws IOException, GeneralSecurityException {
        var run = new RunCertificate(folder);
        write(run.certificate(), "CERTIFICATE", store.getCertificate("run").getEncoded());
        var key = store.getKey("run", PASSWORD.toCharArray());
        write(run.key(), "PRIVATE KEY", key.getEncoded());
        return run;
    }

    private static void write(Path file, String what, byte[] octets) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(octets);
        Files.writeString(
                file,
                "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                        .formatted(what, new String(lines, StandardCharsets.US_ASCII)));
    }

    private Path certificate() {
        return folder.resolve("run.pem");
    }

    private Path key() {
        return folder.resolve("run.key");
    }

    /// For who shows it, and who believes it.
    public TlsSettings settings() throws IOException {
        return TlsSettings.ofPem(certificate(), key(), certificate(), ClientAuthentication.NONE);
    }

    /// For the server under load.
    List<String> serverSettings() {
        return List.of(
                "tls.certificate=" + certificate(),
                "tls.key=" + key(),
                "tls.trust=" + certificate());
    }
}
