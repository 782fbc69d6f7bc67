package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenMessagesTest {

    private final SeenMessages seen = new SeenMessages();

    private static SeenMessages.Key key(String contribution) {
        return new SeenMessages.Key("sip:alice@home.example", contribution, "m");
    }

    @Test
    void theSecondTimeIsNotTheFirst() {
        assertThat(seen.isFirst(key("c1"))).isTrue();
        assertThat(seen.isFirst(key("c1"))).isFalse();
        assertThat(seen.isFirst(key("c2"))).isTrue();
    }

    @Test
    void anotherOriginatorOrMessageIdIsAnotherMessage() {
        seen.isFirst(new SeenMessages.Key("a", "c", "m"));

        assertThat(seen.isFirst(new SeenMessages.Key("b", "c", "m"))).isTrue();
        assertThat(seen.isFirst(new SeenMessages.Key("a", "c", "n"))).isTrue();
    }

    @Test
    void theMemoryIsBounded() {
        seen.isFirst(key("first"));
        for (int i = 0; i < SeenMessages.MAX; i++) {
            seen.isFirst(key("c" + i));
        }

        assertThat(seen.isFirst(key("c" + (SeenMessages.MAX - 1)))).isFalse();
        assertThat(seen.isFirst(key("first"))).isTrue();
    }
}
