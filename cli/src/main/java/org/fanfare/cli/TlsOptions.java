package org.fanfare.cli;

import org.fanfare.client.LargeMessageSettings;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportProtocol;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Whom to believe over TLS.
final class TlsOptions {

    @Option(
            names = "--trust",
            paramLabel = "FILE",
            description =
                    "PEM file of the authorities believed over TLS; those of the JDK unless given.")
    private @Nullable Path trust;

    @Option(
            names = "--msrp",
            paramLabel = "tcp|tls",
            defaultValue = "tcp",
            converter = Converters.ToMediaTransport.class,
            description =
                    "How large messages go and may come: tcp, or tls to a server that --trust"
                            + " believes.")
    private TransportProtocol media = TransportProtocol.TCP;

    /// The same with TLS for the media if that is wanted.
    LargeMessageSettings large(LargeMessageSettings settings) throws CommandFailure {
        return media == TransportProtocol.TLS ? settings.withTls(trusted()) : settings;
    }

    /// What is needed to get to this hop: nothing unless it is reached over TLS.
    Optional<TlsSettings> settings(Hop via) throws CommandFailure {
        if (via.protocol() != TransportProtocol.TLS) {
            return Optional.empty();
        }
        return Optional.of(trusted());
    }

    private TlsSettings trusted() throws CommandFailure {
        try {
            return trust == null ? TlsSettings.ofClient() : TlsSettings.ofClient(trust);
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--trust: cannot use " + e.getMessage());
        }
    }
}
