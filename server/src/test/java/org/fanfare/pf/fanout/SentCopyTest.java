package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.spool.SpoolLimits;
import org.fanfare.spool.SpoolStore;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

class SentCopyTest {

    private static final String FROM =
            "From: <sip:alice@home.example>\r\nTo: <sip:bob@home.example>\r\n";
    private static final String CONTENT =
            "\r\nContent-Type: text/plain\r\n\r\n" + "word ".repeat(5_000);

    @TempDir private Path folder;
    private SpoolStore spools;

    @BeforeEach
    void open() throws IOException {
        spools = SpoolStore.open(folder, "node", SpoolLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        spools.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100_000})
    void theHeaderStandsBehindTheOthersAndTheContentIsTheSame(int step) throws IOException {
        var copy = copyOf(FROM + CONTENT, step);

        assertThat(direction(copy)).isEqualTo("sent");
        assertThat(copy.content().content(Limits.DEFAULT).utf8()).isEqualTo("word ".repeat(5_000));
        assertThat(copy.from().uri()).hasToString("sip:alice@home.example");
    }

    @Test
    void aPrefixThatIsDeclaredIsUsed() throws IOException {
        var declared = "NS: oma <" + CpimHeader.CPM_NAMESPACE + ">\r\n";

        var copy = copyOf(FROM + declared + CONTENT, 64);

        assertThat(copy.toOctets().utf8()).contains("\r\noma.Message-Direction: sent\r\n");
        assertThat(direction(copy)).isEqualTo("sent");
    }

    @Test
    void itSaysHowManyOctetsItHasMore() throws IOException {
        var content = Octets.utf8(FROM + CONTENT);
        var source = source(content);

        int added = source.added();

        assertThat(octets(source, 1000).length()).isEqualTo(content.length() + added);
    }

    @Test
    void whatHasNoEndOfHeadersIsRefused() throws IOException {
        var source = source(Octets.utf8("From: <sip:alice@home.example>\r\n".repeat(2_000)));

        assertThatThrownBy(() -> source.read(ByteBuffer.allocate(10)))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("no end of the headers");
    }

    private static String direction(CpimMessage copy) {
        return copy.header(CpimHeader.CPM_NAMESPACE, "Message-Direction").orElseThrow();
    }

    private CpimMessage copyOf(String content, int step) throws IOException {
        return CpimMessage.parse(octets(source(Octets.utf8(content)), step), Limits.DEFAULT);
    }

    private static Octets octets(SentCopy source, int step) throws IOException {
        var all = ByteBuffer.allocate(1 << 20);
        var some = ByteBuffer.allocate(step);
        while (source.read(some.clear()) >= 0) {
            all.put(some.flip());
        }
        return Octets.of(all.array(), 0, all.position());
    }

    private SentCopy source(Octets content) throws IOException {
        var spool = spools.create("sip:alice@home.example");
        spool.append(content);
        spool.complete();
        spool.accepted();
        return new SentCopy(spool.reader(), Limits.DEFAULT);
    }
}
