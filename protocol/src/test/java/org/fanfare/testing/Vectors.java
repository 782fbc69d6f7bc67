package org.fanfare.testing;

import org.fanfare.wire.Octets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// The messages of the RFCs, octet for octet, with what `vectors/expected.tsv` says about each.
public final class Vectors {

    private Vectors() {}

    /// What must come of it.
    public enum Verdict {
        VALID,
        INVALID,

        /// No verdict: it must only end, in time and without harm.
        ANY
    }

    /// One file.
    public record Vector(String file, String kind, Verdict verdict, String note, Octets octets) {

        @Override
        public String toString() {
            return file;
        }
    }

    /// All files below a folder such as `cpim` or `sip/rfc4475`, in the order of the table.
    public static List<Vector> of(String folder) {
        try (var rows = Files.lines(root().resolve("expected.tsv"))) {
            var vectors =
                    rows.skip(1)
                            .map(row -> row.split("\t", -1))
                            .filter(row -> row[0].startsWith(folder + "/"))
                            .map(Vectors::read)
                            .toList();
            if (vectors.isEmpty()) {
                throw new IllegalArgumentException("no vectors in " + folder);
            }
            return vectors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Vector read(String[] row) {
        try {
            return new Vector(
                    row[0],
                    row[1],
                    Verdict.valueOf(row[2].toUpperCase(Locale.ROOT)),
                    row[3],
                    Octets.of(Files.readAllBytes(root().resolve(row[0]))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path root() {
        try {
            var table = Vectors.class.getResource("/vectors/expected.tsv");
            return Path.of(Objects.requireNonNull(table).toURI()).resolveSibling("");
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
