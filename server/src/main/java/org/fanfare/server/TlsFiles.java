package org.fanfare.server;

import org.fanfare.sip.transport.TlsSettings;

import java.io.IOException;
import java.util.Optional;

/// The section `tls`.
final class TlsFiles {

    private TlsFiles() {}

    static Optional<TlsSettings> settings(Configuration.Tls tls) throws StartFailure {
        var certificate = tls.certificate();
        var key = tls.key();
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    TlsSettings.ofPem(certificate, key, tls.trust(), authentication(tls)));
        } catch (IOException e) {
            throw new StartFailure("tls", "use these files", e);
        }
    }

    private static TlsSettings.ClientAuthentication authentication(Configuration.Tls tls) {
        return switch (tls.clientAuthentication()) {
            case NONE -> TlsSettings.ClientAuthentication.NONE;
            case WANT -> TlsSettings.ClientAuthentication.WANT;
            case NEED -> TlsSettings.ClientAuthentication.NEED;
        };
    }
}
