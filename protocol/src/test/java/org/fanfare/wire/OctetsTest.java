package org.fanfare.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;

class OctetsTest {

    private static final Octets HELLO = Octets.utf8("--hello--").slice(2, 7);

    @Test
    void equalityIsThatOfTheContent() {
        assertThat(HELLO).isEqualTo(Octets.utf8("hello")).hasSameHashCodeAs(Octets.utf8("hello"));
        assertThat(HELLO).isNotEqualTo(Octets.utf8("hellO"));
        assertThat(HELLO.slice(1, 1)).isEqualTo(Octets.EMPTY);
    }

    @Test
    void aSliceIsBounded() {
        assertThat(HELLO.at(4)).isEqualTo((byte) 'o');
        assertThatThrownBy(() -> HELLO.at(5)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> HELLO.slice(0, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(HELLO.from(3).utf8()).isEqualTo("lo");
    }

    @Test
    void octetsAndPatternsAreFoundWithinTheSlice() {
        assertThat(HELLO.indexOf((byte) 'l', 0)).isEqualTo(2);
        assertThat(HELLO.indexOf((byte) 'l', 4)).isNegative();
        assertThat(HELLO.indexOf((byte) '-', 0)).isNegative();
        assertThat(HELLO.indexOf("lo".getBytes(StandardCharsets.UTF_8), 0)).isEqualTo(3);
        assertThat(HELLO.indexOf("o-".getBytes(StandardCharsets.UTF_8), 0)).isNegative();
        assertThat(HELLO.startsWith("hell".getBytes(StandardCharsets.UTF_8))).isTrue();
    }

    @Test
    void nobodyCanChangeThem() {
        HELLO.toByteArray()[0] = 'j';

        assertThat(HELLO.utf8()).isEqualTo("hello");
        assertThatThrownBy(() -> HELLO.asByteBuffer().put(0, (byte) 'j'))
                .isInstanceOf(ReadOnlyBufferException.class);
    }

    @Test
    void theyAreWritten() throws IOException {
        var out = new ByteArrayOutputStream();
        var buffer = ByteBuffer.allocate(5);
        var array = new byte[7];

        HELLO.writeTo(out);
        HELLO.writeTo(buffer);
        HELLO.copyTo(array, 2);

        assertThat(out.toByteArray()).isEqualTo(HELLO.toByteArray());
        assertThat(Octets.of(buffer.array())).isEqualTo(HELLO);
        assertThat(Octets.of(array, 2, 5)).isEqualTo(HELLO);
        assertThat(Octets.copyOf(HELLO.asByteBuffer())).isEqualTo(HELLO);
    }

    @Test
    void asTextForPeopleTheyAreHarmless() {
        assertThat(Octets.utf8("a\r\n\u001b[31m\u0000\u202e"))
                .hasToString("a\\x0d\\x0a\\x1b[31m\\x00\\u202e");
        assertThat(Octets.utf8("x".repeat(300)).toString()).hasSize(259).endsWith("...");
    }
}
