package org.fanfare.ledger;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/// Opens the ledger that a URL names.
public final class Ledgers {

    private Ledgers() {}

    /// With the default settings.
    public static Ledger open(String url, Clock clock, String node) throws LedgerRefused {
        return open(url, LedgerSettings.DEFAULT, clock, node);
    }

    /// Opens, and makes what is not there yet.
    ///
    /// @param url `file:` and a directory, which is made if there is none; `jdbc:postgresql:...`;
    ///   or `memory:`, which keeps no promise
    /// @param node name of this node, the same at each start and different from that of any other
    ///   node
    public static Ledger open(String url, LedgerSettings settings, Clock clock, String node)
            throws LedgerRefused {
        if (url.startsWith("memory:")) {
            return new LedgerOff(settings, clock);
        }
        return SqlLedger.start(engine(url, settings), settings, clock, new SecureRandom(), node);
    }

    private static Engine engine(String url, LedgerSettings settings) throws LedgerRefused {
        if (url.startsWith("file:")) {
            return SqliteEngine.open(Path.of(url.substring("file:".length())), settings);
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return PostgresEngine.open(url);
        }
        throw new LedgerRefused(
                "ledger.url: expected file:DIRECTORY, jdbc:postgresql:... or memory:, got "
                        + PostgresEngine.withoutSecrets(url));
    }
}
