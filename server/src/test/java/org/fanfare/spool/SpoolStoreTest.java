package org.fanfare.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.ledger.SpoolReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/// Many spools: their room, their files, and what a restart finds.
class SpoolStoreTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final String BOB = "sip:bob@home.example";

    /// On disk from the first octet on.
    private static final SpoolLimits ON_DISK = SpoolLimits.DEFAULT.withMemory(0, 0);

    @TempDir Path home;

    private final List<SpoolStore> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(SpoolStore::close);
    }

    private SpoolStore open(SpoolLimits limits) throws IOException {
        return open("node", limits);
    }

    private SpoolStore open(String node, SpoolLimits limits) throws IOException {
        var store = SpoolStore.open(home.resolve("spool"), node, limits);
        opened.add(store);
        return store;
    }

    private static byte[] octets(int length) {
        var octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    private static void append(Spool spool, int count) throws IOException {
        spool.append(ByteBuffer.wrap(octets(count)));
    }

    private static SpoolReference accepted(Spool spool, int length) throws IOException {
        append(spool, length);
        var reference = spool.complete();
        spool.accepted();
        return reference;
    }

    private static byte[] content(Spool spool) throws IOException {
        try (var reader = spool.reader()) {
            return Channels.newInputStream(reader).readAllBytes();
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(home.resolve("spool"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path file(SpoolReference reference) {
        return home.resolve("spool").resolve(reference.id() + ".spool");
    }

    // Limits at N-1, N, N+1.

    // P15
    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    void aMessageMayHaveItsLimitAndNotAnOctetMore(int memory) throws Exception {
        var store = open(SpoolLimits.DEFAULT.withOfMessage(10_000).withMemory(memory, 1 << 20));
        accepted(store.create(ALICE), 9_999);
        accepted(store.create(ALICE), 10_000);
        var spool = store.create(ALICE);
        append(spool, 9_999);
        append(spool, 1);
        var reader = spool.reader();

        assertThatThrownBy(() -> append(spool, 1))
                .isInstanceOf(SpoolFull.class)
                .hasMessage("the message has 10000 octets, 1 more would pass the limit of 10000");

        assertThat(spool.isAborted()).isTrue();
        assertThatThrownBy(() -> reader.read(ByteBuffer.allocate(1)))
                .isInstanceOf(SpoolAborted.class);
        assertThat(files()).hasSize(2);
        assertThat(store.figures().octets()).isEqualTo(19_999);
        assertThat(store.figures().full()).isEqualTo(1);
    }

    @Test
    void anOriginatorMayHaveHisLimitAndOthersTheirs() throws Exception {
        var store = open(SpoolLimits.DEFAULT.withOfOriginator(10_000));
        var first = store.create(ALICE);
        append(first, 5_000);
        var second = store.create(ALICE);
        append(second, 4_999);
        append(second, 1);
        assertThatThrownBy(() -> append(second, 1))
                .isInstanceOf(SpoolFull.class)
                .hasMessageContaining("originator");

        append(store.create(BOB), 10_000);
        append(store.create(ALICE), 5_000); // that of the second one is free again
        assertThatThrownBy(() -> append(store.create(ALICE), 1)).isInstanceOf(SpoolFull.class);
    }

    // S2
    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    void allMessagesTogetherMayHaveTheQuota(int memory) throws Exception {
        var store = open(SpoolLimits.DEFAULT.withInAll(10_000).withMemory(memory, 1 << 20));
        var alice = store.create(ALICE);
        append(alice, 5_000);
        var bob = store.create(BOB);
        append(bob, 4_999);
        append(bob, 1);
        assertThatThrownBy(() -> append(alice, 1)).isInstanceOf(SpoolFull.class);

        assertThat(store.figures().octets()).isEqualTo(5_000);
        append(bob, 5_000);
        bob.complete(); // needs no more room
        assertThatThrownBy(() -> append(store.create(ALICE), 1)).isInstanceOf(SpoolFull.class);
    }

    // S2
    @Test
    void theDiskIsNotFilledToTheLastOctet() throws Exception {
        var store = open(ON_DISK.withKeptFree(Long.MAX_VALUE));
        var spool = store.create(ALICE);

        assertThatThrownBy(() -> append(spool, 1))
                .isInstanceOf(SpoolFull.class)
                .hasMessageContaining("kept free");

        assertThat(files()).isEmpty();
        assertThat(store.figures().octets()).isZero();
    }

    @Test
    void contentGoesToDiskWhenItsMemoryOrThatOfAllIsTaken() throws Exception {
        int block = MemoryContent.BLOCK;
        var store = open(SpoolLimits.DEFAULT.withMemory(2 * block, 3L * block));
        var first = store.create(ALICE);
        append(first, 2 * block);
        assertThat(files()).isEmpty();
        assertThat(store.figures().memory()).isEqualTo(2L * block);
        append(first, 1);
        assertThat(files()).hasSize(1);
        assertThat(store.figures().memory()).isZero();

        var spools = List.of(store.create(ALICE), store.create(ALICE), store.create(ALICE));
        for (var spool : spools) {
            append(spool, block);
        }
        append(spools.get(2), 1);

        assertThat(files()).hasSize(2);
        assertThat(store.figures().memory()).isEqualTo(2L * block);
        for (var spool : spools) {
            spool.complete();
            spool.accepted();
        }
        assertThat(content(spools.get(2))).startsWith(octets(block)).hasSize(block + 1);
    }

    // Files.

    @Test
    void directoryAndFilesAreForTheirOwnerAlone() throws Exception {
        Assumptions.assumeTrue(
                Files.getFileStore(home).supportsFileAttributeView("posix"),
                "the file system has no POSIX permissions");
        var reference = accepted(open(ON_DISK).create(ALICE), 1);

        assertThat(permissions(home.resolve("spool"))).isEqualTo("rwx------");
        assertThat(permissions(file(reference))).isEqualTo("rw-------");
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    // K9
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100_000})
    void whatWasAcceptedIsFoundAfterARestart(int length) throws Exception {
        var reference = accepted(open(SpoolLimits.DEFAULT).create(ALICE), length);
        close();
        var store = open(SpoolLimits.DEFAULT);
        assertThat(store.removeAllBut(() -> Set.of(reference.id()))).isZero();

        var spool = store.reopen(reference);

        assertThat(spool.isAccepted()).isTrue();
        assertThat(spool.length()).isEqualTo(length);
        assertThat(content(spool)).isEqualTo(octets(length));
        spool.remove();
        assertThat(files()).isEmpty();
        assertThat(store.figures()).isEqualTo(new SpoolFigures(0, 0, 0, 0, 0));
    }

    @Test
    void aReopenedSpoolHasSeveralOwnersAndEndsWithTheLast() throws Exception {
        var store = open(ON_DISK);
        var first = store.create(ALICE);
        var reference = accepted(first, 1_000);

        var second = store.reopen(reference);
        assertThat(second).isSameAs(first);
        first.close();
        assertThat(content(second)).hasSize(1_000);
        second.close();
        var third = store.reopen(reference);
        assertThat(third).isNotSameAs(first);
        third.remove();

        assertThatThrownBy(() -> store.reopen(reference))
                .isInstanceOf(SpoolDamaged.class)
                .hasMessageContaining("missing");
    }

    @Test
    void damagedContentIsNotReopened() throws Exception {
        var reference = accepted(open(ON_DISK).create(ALICE), 100_000);
        close();
        var store = open(ON_DISK);
        var wrong =
                List.of(
                        new SpoolReference(reference.id(), 99_999, reference.checksum()),
                        new SpoolReference(reference.id(), 100_001, reference.checksum()),
                        new SpoolReference(reference.id(), 100_000, reference.checksum() ^ 1));
        for (var one : wrong) {
            assertThatThrownBy(() -> store.reopen(one)).isInstanceOf(SpoolDamaged.class);
        }
        assertThat(content(store.reopen(reference))).isEqualTo(octets(100_000));
        store.close();

        try (var file = Files.newByteChannel(file(reference), StandardOpenOption.WRITE)) {
            file.position(50_000).write(ByteBuffer.wrap(new byte[] {~0, 0}));
        }

        var again = open(ON_DISK);
        assertThatThrownBy(() -> again.reopen(reference))
                .isInstanceOf(SpoolDamaged.class)
                .hasMessageContaining(reference.id())
                .hasMessageContaining("not what was written");
    }

    // K8
    @Test
    void filesThatNoMessageNeedsAreRemovedAtTheStart() throws Exception {
        var before = open(ON_DISK);
        var needed = accepted(before.create(ALICE), 1_000);
        accepted(before.create(ALICE), 1_000);
        append(before.create(ALICE), 1_000); // under way when the process ends
        var foreign = accepted(open("node2", ON_DISK).create(ALICE), 1);
        Files.writeString(home.resolve("spool").resolve("README"), "not ours");

        var store = open(ON_DISK); // the store before is not closed: as after a crash
        assertThat(store.figures().octets()).isEqualTo(3_000);
        int removed = store.removeAllBut(() -> Set.of(needed.id()));

        assertThat(removed).isEqualTo(2);
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "README", needed.id() + ".spool", foreign.id() + ".spool");
        assertThat(store.figures().octets()).isEqualTo(1_000);
    }

    @Test
    void whatIsOpenIsNotRemovedAlthoughNoMessageNeedsIt() throws Exception {
        var store = open(ON_DISK);
        var spool = store.create(ALICE);
        accepted(spool, 1_000);
        append(store.create(ALICE), 1_000);

        assertThat(store.removeAllBut(Set::of)).isZero();
        spool.close();
        assertThat(store.removeAllBut(Set::of)).isEqualTo(1);

        assertThat(files()).hasSize(1);
    }

    @Test
    void whatLiesThereCountsForTheQuotaAndForNoOriginator() throws Exception {
        var reference = accepted(open(ON_DISK).create(ALICE), 1_000);
        close();
        var store = open(ON_DISK.withInAll(1_500).withOfOriginator(600));
        append(store.create(ALICE), 500);
        assertThatThrownBy(() -> append(store.create(BOB), 1)).isInstanceOf(SpoolFull.class);

        store.reopen(reference).remove();

        append(store.create(BOB), 600);
    }

    @Test
    void anotherNodeMayTakeASpoolUp() throws Exception {
        var reference = accepted(open("here", ON_DISK).create(ALICE), 1_000);
        var other = open("there", ON_DISK);
        assertThat(other.removeAllBut(Set::of)).isZero();

        var spool = other.reopen(reference);

        assertThat(content(spool)).isEqualTo(octets(1_000));
        spool.remove();
        assertThat(files()).isEmpty();
        assertThat(other.figures().octets()).isZero();
    }

    // transferTo.

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    void contentGoesToASocketThatTakesItSlowly(int memory) throws Exception {
        int length = 5_000_000;
        var store = open(SpoolLimits.DEFAULT.withMemory(memory, 64L << 20));
        var spool = store.create(ALICE);
        accepted(spool, length);
        try (var listener = ServerSocketChannel.open()) {
            listener.bind(null);
            var sent =
                    new FutureTask<>(() -> {
                        try (var socket = SocketChannel.open(listener.getLocalAddress());
                                var reader = spool.reader()) {
                            long count = 0;
                            for (long some = 0;
                                    some >= 0;
                                    some = reader.transferTo(socket, 1 << 20)) {
                                count += some;
                            }
                            return count;
                        }
                    });
            Thread.ofVirtual().start(sent);

            byte[] received;
            try (var socket = listener.accept()) {
                received = Channels.newInputStream(socket).readAllBytes();
            }

            assertThat(sent.get(10, TimeUnit.SECONDS)).isEqualTo(length);
            assertThat(received).isEqualTo(octets(length));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 20})
    void contentGoesToAnyOtherChannelInPieces(int memory) throws Exception {
        var store = open(SpoolLimits.DEFAULT.withMemory(memory, 64L << 20));
        var spool = store.create(ALICE);
        append(spool, 10_000);
        var out = new ByteArrayOutputStream();
        var channel = Channels.newChannel(out);
        try (var reader = spool.reader()) {
            assertThat(reader.transferTo(channel, 1)).isEqualTo(1);
            while (reader.available() > 0) {
                reader.transferTo(channel, Long.MAX_VALUE);
            }
            assertThat(out.size()).isEqualTo(9_999);
            spool.complete();
            spool.accepted();
            assertThat(reader.transferTo(channel, 10)).isEqualTo(1);
            assertThat(reader.transferTo(channel, 10)).isEqualTo(-1);
        }
        assertThat(out.toByteArray()).isEqualTo(octets(10_000));
    }
}
