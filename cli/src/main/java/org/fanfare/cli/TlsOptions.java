package org.fanfare.cli;

import org.fanfare.client.LargeMessageSettings;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportProtocol;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Whom to believe over TLS, and who we are.
final class TlsOptions {

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "PEM file of the authorities believed over TLS; those of the JDK unless given.")
    private @Nullable Path trust;

    @ArgGroup(exclusive = false)
    private @Nullable Own own;

    /// Both or none.
    static final class Own {

        @Option(
                names = "--certificate",
                required = true,
                paramLabel = "FILE",
                description =
                        "PEM file of a certificate of our own, with those that lead to its root:"
                                + " with --msrp tls others may then connect to us as well.")
        private Path certificate = Path.of("");

        @Option(
                names = "--key",
                required = true,
                paramLabel = "FILE",
                description = "PEM file of its key: PKCS 8, not encrypted.")
        private Path key = Path.of("");
    }

    @Option(
            names = "--msrp",
            paramLabel = "tcp|tls",
            defaultValue = "tcp",
            converter = Converters.ToMediaTransport.class,
            description =
                    "How large messages go and may come: tcp, or tls. Whom we connect to over tls,"
                            + " --trust must believe; who connects to us need not prove himself.")
    private TransportProtocol media = TransportProtocol.TCP;

    /// The same with TLS for the media if that is wanted.
    LargeMessageSettings large(LargeMessageSettings settings) throws CommandFailure {
        return media == TransportProtocol.TLS ? settings.withTls(ours()) : settings;
    }

    /// What is needed to get to this hop: nothing unless it is reached over TLS.
    ///
    /// @throws CommandFailure when a file cannot be used, or nothing would use the certificate
    Optional<TlsSettings> settings(Hop via) throws CommandFailure {
        if (via.protocol() != TransportProtocol.TLS) {
            if (own != null && media != TransportProtocol.TLS) {
                throw new CommandFailure(
                        ExitStatus.USAGE,
                        "--certificate: nothing uses TLS: expected --msrp tls, or TLS in --via");
            }
            return Optional.empty();
        }
        return Optional.of(ours());
    }

    private TlsSettings ours() throws CommandFailure {
        return own == null ? trusted() : certified(own);
    }

    private TlsSettings certified(Own files) throws CommandFailure {
        try {
            return TlsSettings.ofPem(
                    files.certificate, files.key, trust, TlsSettings.ClientAuthentication.NONE);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--certificate, --key: cannot use " + e.getMessage());
        }
    }

    private TlsSettings trusted() throws CommandFailure {
        try {
            return trust == null ? TlsSettings.ofClient() : TlsSettings.ofClient(trust);
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--trust: cannot use " + e.getMessage());
        }
    }
}
