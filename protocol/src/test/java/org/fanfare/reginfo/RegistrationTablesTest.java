package org.fanfare.reginfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.reginfo.RegInfo.Registration;
import org.fanfare.reginfo.RegInfo.State;
import org.fanfare.reginfo.RegistrationTables.Outcome;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a subscriber makes of the documents of one subscription (RFC 3680 5.2).
class RegistrationTablesTest {

    private static final String ALICE = "sip:alice@home.example";

    private final RegistrationTables tables = new RegistrationTables();

    private static RegisteredContact contact(String id, boolean active) {
        return new RegisteredContact(
                id,
                active,
                active ? "registered" : "unregistered",
                OptionalLong.empty(),
                NameAddress.parse("<sip:" + id + "@192.0.2.1>"));
    }

    private static RegInfo full(long version, String... active) {
        return document(
                version,
                true,
                State.ACTIVE,
                Stream.of(active).map(id -> contact(id, true)).toList());
    }

    private static RegInfo partial(long version, RegisteredContact... changed) {
        return document(version, false, State.ACTIVE, List.of(changed));
    }

    private static RegInfo document(
            long version, boolean full, State state, List<RegisteredContact> contacts) {
        return new RegInfo(version, full, List.of(new Registration("r1", ALICE, state, contacts)));
    }

    private List<String> ids() {
        return tables.of(ALICE).stream().map(RegisteredContact::id).toList();
    }

    @Test
    void fullStateReplacesAllThatIsKnown() {
        tables.apply(full(0, "phone", "tablet"));

        assertThat(tables.apply(full(1, "watch"))).isEqualTo(Outcome.TAKEN);

        assertThat(ids()).containsExactly("watch");
    }

    @Test
    void partialStateChangesWhatItNames() {
        tables.apply(full(0, "phone", "tablet"));

        assertThat(tables.apply(partial(1, contact("phone", false), contact("watch", true))))
                .isEqualTo(Outcome.TAKEN);

        assertThat(ids()).containsExactly("tablet", "watch");
    }

    @Test
    void anOlderDocumentIsThrownAway() {
        tables.apply(full(7, "phone"));

        assertThat(tables.apply(full(6, "tablet"))).isEqualTo(Outcome.OLD);

        assertThat(ids()).containsExactly("phone");
    }

    @Test
    void aGapIsSeenAndWhatComesAfterItIsTaken() {
        tables.apply(full(0, "phone"));

        assertThat(tables.apply(partial(2, contact("tablet", true)))).isEqualTo(Outcome.GAP);
        assertThat(tables.apply(partial(3, contact("watch", true)))).isEqualTo(Outcome.TAKEN);

        assertThat(ids()).containsExactly("phone", "tablet", "watch");
    }

    @Test
    void aNotifierThatCountsNothingIsUnderstood() {
        tables.apply(full(0, "phone"));

        assertThat(tables.apply(full(0, "tablet"))).isEqualTo(Outcome.TAKEN);

        assertThat(ids()).containsExactly("tablet");
    }

    @Test
    void aRegistrationThatHasEndedHasNoContacts() {
        tables.apply(full(0, "phone"));

        tables.apply(document(1, false, State.TERMINATED, List.of()));

        assertThat(ids()).isEmpty();
    }

    @Test
    void contactsOfSomebodyElseAreNotThoseOfTheUser() {
        tables.apply(full(0, "phone"));

        assertThat(tables.of("sip:bob@home.example")).isEmpty();
    }

    @Test
    void documentsCannotPileUpContacts() {
        for (int version = 0; version < 10; version++) {
            tables.apply(partial(version, tenMore(version)));
        }

        assertThatThrownBy(() -> tables.apply(partial(10, contact("one more", true))))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aDocumentWithTooManyContactsChangesNothingAndIsMissedByTheNext() {
        tables.apply(full(0, "phone", "tablet"));
        var many = IntStream.rangeClosed(0, 100).mapToObj(i -> "c" + i).toArray(String[]::new);
        assertThatThrownBy(() -> tables.apply(full(1, many))).isInstanceOf(MalformedMessage.class);
        assertThat(ids()).containsExactly("phone", "tablet");

        assertThat(tables.apply(partial(2, contact("watch", true)))).isEqualTo(Outcome.GAP);

        assertThat(ids()).containsExactly("phone", "tablet", "watch");
    }

    private static RegisteredContact[] tenMore(int version) {
        return IntStream.range(0, 10)
                .mapToObj(i -> contact("c" + version + i, true))
                .toArray(RegisteredContact[]::new);
    }
}
