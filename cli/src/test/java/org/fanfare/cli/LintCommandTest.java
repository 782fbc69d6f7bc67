package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

class LintCommandTest {

    private static final Path VECTORS = Path.of("../protocol/src/test/resources/vectors");

    private static final Set<String> NO_MESSAGE = Set.of("xsd");

    private static final Pattern EXPECT =
            Pattern.compile("; (?:UDP |endpoint )?expect=(\\d{3})(?=;|$)");

    @TempDir Path folder;

    /// A row of `expected.tsv`.
    record Row(String file, String kind, String verdict, String note) {

        @Override
        public String toString() {
            return file;
        }

        Path path() {
            return VECTORS.resolve(file);
        }
    }

    static List<Row> rows() throws IOException {
        try (var lines = Files.lines(VECTORS.resolve("expected.tsv"))) {
            return lines.skip(1)
                    .map(line -> line.split("\t", -1))
                    .map(row -> new Row(row[0], row[1], row[2], row[3]))
                    .filter(row -> NO_MESSAGE.stream().noneMatch(row.kind()::startsWith))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyVectorIsJudgedAsItsRowSays(Row row) {
        var ran = Ran.fanfare("lint", row.path().toString());

        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).matches("\\S+\t(valid|invalid)\t\\S.*\\R");
        if (row.verdict().equals("any")) {
            return;
        }
        assertThat(ran.out()).contains("\t" + row.verdict() + "\t");
        boolean valid = row.verdict().equals("valid");
        assertThat(ran.status()).isEqualTo(valid ? ExitStatus.DONE : ExitStatus.FAILED_FOR_ALL);
        var expect = EXPECT.matcher(row.note()); // where the RFC leaves no choice
        if (row.kind().startsWith("sip-s") && expect.find()) {
            assertThat(ran.out()).contains("expect=" + expect.group(1));
        }
    }

    @Test
    void oneLineAFileAndOneBadFileMakesTheStatus1() throws Exception {
        var good = VECTORS.resolve("sip/rfc4475/wsinv.dat").toString();
        var bad = VECTORS.resolve("sip/rfc4475/badvers.dat").toString();
        var none = folder.resolve("none").toString();

        try (var lint = Launched.fanfare(folder, "lint", abs(good), abs(bad), none)) {
            var ran = lint.ended();

            assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            assertThat(ran.out().lines()).hasSize(3);
            assertThat(ran.out())
                    .contains("wsinv.dat\tvalid\t")
                    .containsPattern("badvers.dat\tinvalid\t.* expect=505")
                    .contains("none\tinvalid\tcannot be read");
        }
    }

    @Test
    void aLineIsALineWhateverTheFileIsCalled() throws Exception {
        var file = Files.writeString(folder.resolve("a\tb\nc"), "");

        var ran = Ran.fanfare("lint", file.toString());

        assertThat(ran.out().lines()).hasSize(1);
        assertThat(ran.out().split("\t", -1)).hasSize(3);
    }

    @Test
    void aFileWithoutEndIsInvalid() throws Exception {
        var huge = folder.resolve("huge");
        try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 32); // takes no room on the disk
        }

        var ran = Ran.fanfare("lint", huge.toString());

        assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(ran.out()).contains("huge\tinvalid\tfile: expected at most");
    }

    private static String abs(String path) {
        return Path.of(path).toAbsolutePath().normalize().toString();
    }

    @Test
    void theReasonNamesFieldOffsetAndSection() {
        var ran = Ran.fanfare("lint", VECTORS.resolve("sip/rfc5118/wire/ipv6-bad.sip").toString());

        assertThat(ran.out()).containsPattern("at octet \\d+.*RFC \\d+.* expect=400");
    }

    @Test
    void aStreamIsJudgedAsAStream() throws Exception {
        var message = Files.readString(VECTORS.resolve("sip/rfc-examples/rfc3428-f1-message.sip"));
        var two = Files.writeString(folder.resolve("two"), message + message);
        var cut = Files.writeString(folder.resolve("cut"), message + message.substring(0, 40));

        var ran = Ran.fanfare("lint", "--kind=sip-stream", two.toString(), cut.toString());

        assertThat(ran.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
        assertThat(ran.out()).contains("two\tvalid\t").contains("cut\tinvalid\t");
    }

    @Test
    void whatAnMsrpEndpointDoesNotServeIsSaid() {
        for (var file : List.of("rfc4976-auth.msrp", "rfc7701-nickname.msrp")) {
            var path = VECTORS.resolve("msrp/rfc-examples/" + file).toString();

            assertThat(Ran.fanfare("lint", "--kind", "msrp", path).out())
                    .contains("\tvalid\t")
                    .contains("expect=501");
        }
    }

    @Test
    void theKindCanBeGiven() {
        var list = VECTORS.resolve("lists/rfc5365-f1.xml").toString();

        for (var kind : List.of("sip", "sip-stream", "msrp", "cpim", "imdn", "sdp")) {
            assertThat(Ran.fanfare("lint", "--kind", kind, list).status())
                    .as(kind)
                    .isEqualTo(ExitStatus.FAILED_FOR_ALL);
        }
        assertThat(Ran.fanfare("lint", "--kind", "resource-lists", list).status())
                .isEqualTo(ExitStatus.DONE);
        assertThat(Ran.fanfare("lint", "--kind", "poem", list).status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void whateverTheOctetsAreItIsAVerdict() throws Exception {
        var empty = Files.write(folder.resolve("empty"), new byte[0]);
        var zeros = Files.write(folder.resolve("zeros"), new byte[100_000]);
        for (var kind :
                List.of("sip", "sip-stream", "msrp", "cpim", "imdn", "sdp", "resource-lists")) {
            var ran = Ran.fanfare("lint", "--kind", kind, zeros.toString());

            assertThat(ran.status()).as(kind).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            assertThat(ran.err()).isEmpty();
        }
        assertThat(Ran.fanfare("lint", empty.toString()).status())
                .isEqualTo(ExitStatus.FAILED_FOR_ALL);
    }

    @Test
    void withoutAFileItIsWrongUsage() {
        assertThat(Ran.fanfare("lint").status()).isEqualTo(ExitStatus.USAGE);
    }
}
