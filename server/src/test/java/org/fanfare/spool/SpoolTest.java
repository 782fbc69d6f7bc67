package org.fanfare.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.ledger.SpoolReference;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/// One spool, its upload and its readers.
class SpoolTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final int CHUNK = 2_048;

    @TempDir Path home;

    private SpoolStore store;

    @BeforeEach
    void open() throws IOException {
        store = open(SpoolLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private SpoolStore open(SpoolLimits limits) throws IOException {
        return SpoolStore.open(home.resolve("spool"), "node", limits);
    }

    private void reopenWithMemory(int ofMessage) throws IOException {
        store.close();
        store = open(SpoolLimits.DEFAULT.withMemory(ofMessage, 64L << 20));
    }

    private static byte[] octets(int length) {
        var octets = new byte[length];
        new Random(length).nextBytes(octets);
        return octets;
    }

    private static void upload(Spool spool, byte[] content) throws IOException {
        for (int at = 0; at < content.length; at += CHUNK) {
            spool.append(ByteBuffer.wrap(content, at, Math.min(CHUNK, content.length - at)));
            spool.flush();
        }
    }

    private static byte[] readAll(SpoolReader reader, int length) throws IOException {
        var all = ByteBuffer.allocate(length + 1);
        while (reader.read(all) >= 0) {
            assertThat(all.hasRemaining()).as("not longer than what was appended").isTrue();
        }
        return Arrays.copyOf(all.array(), all.position());
    }

    private static <T> FutureTask<T> inThread(Callable<T> work) {
        var task = new FutureTask<T>(work);
        Thread.ofVirtual().start(task);
        return task;
    }

    private static <T> T get(FutureTask<T> task) throws Exception {
        return task.get(10, TimeUnit.SECONDS);
    }

    private static Throwable failureOf(FutureTask<?> task) throws Exception {
        try {
            throw new AssertionError("expected a failure, got " + get(task));
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 64 << 10, 0})
    void earlyAndLateReadersGetTheSameOctets(int memory) throws Exception {
        reopenWithMemory(memory);
        var content = octets(300_001);
        var spool = store.create(ALICE);
        var early = spool.reader();
        var earlyRead = inThread(() -> readAll(early, content.length));
        upload(spool, content);
        spool.complete();
        spool.accepted();
        var late = spool.reader();

        assertThat(get(earlyRead)).isEqualTo(content);
        assertThat(readAll(late, content.length)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 64 << 10, 0})
    void aReaderAtTheLiveEdgeGetsEachPieceBeforeTheNextOneComes(int memory) throws Exception {
        reopenWithMemory(memory);
        var spool = store.create(ALICE);
        var reader = spool.reader();
        var buffer = ByteBuffer.allocate(CHUNK);
        for (int piece = 1; piece <= 100; piece++) {
            var read = inThread(() -> reader.read(buffer.clear()));
            spool.append(ByteBuffer.wrap(octets(CHUNK)));
            spool.flush();
            assertThat(get(read)).isEqualTo(piece == 1 ? CHUNK - 1 : CHUNK);
        }
    }

    // K8: nobody has a whole message before it is accepted
    @Test
    void theLastOctetIsHeldBackUntilTheMessageIsAccepted() throws Exception {
        var content = octets(1_000);
        var spool = store.create(ALICE);
        var reader = spool.reader();
        upload(spool, content);
        spool.complete();
        var buffer = ByteBuffer.allocate(2_000);
        assertThat(reader.read(buffer)).isEqualTo(999);
        assertThat(reader.available()).isZero();
        var rest = new FutureTask<>(() -> reader.read(buffer));
        var thread = Thread.ofVirtual().start(rest);
        awaitWaiting(thread);

        spool.accepted();

        assertThat(get(rest)).isEqualTo(1);
        assertThat(reader.read(buffer)).isEqualTo(-1);
        assertThat(Arrays.copyOf(buffer.array(), 1_000)).isEqualTo(content);
    }

    @Test
    void anEmptyContentEndsWhenItIsAccepted() throws Exception {
        var spool = store.create(ALICE);
        var reader = spool.reader();

        var reference = spool.complete();
        assertThat(reader.available()).isZero();
        spool.accepted();

        assertThat(reference).isEqualTo(new SpoolReference(spool.id(), 0, 0));
        assertThat(reader.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void whatIsCompleteIsInItsFileWithLengthAndChecksum() throws Exception {
        var content = octets(10_000);
        var spool = store.create(ALICE);
        upload(spool, content);

        var reference = spool.complete();

        var checksum = new CRC32C();
        checksum.update(content);
        assertThat(reference)
                .isEqualTo(new SpoolReference(spool.id(), 10_000, checksum.getValue()));
        assertThat(home.resolve("spool").resolve(spool.id() + ".spool")).hasBinaryContent(content);
        assertThat(spool.complete()).isEqualTo(reference);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 0})
    void aReaderThatReadsNothingHoldsNobody(int memory) throws Exception {
        reopenWithMemory(memory);
        var content = octets(1 << 20);
        var spool = store.create(ALICE);
        var stopped = spool.reader();
        var quick = spool.reader();
        var read = inThread(() -> readAll(quick, content.length));
        upload(spool, content);
        spool.complete();
        spool.accepted();

        assertThat(get(read)).isEqualTo(content);
        assertThat(stopped.position()).isZero();
        assertThat(store.figures().memory()).isLessThanOrEqualTo(content.length);
        assertThat(readAll(stopped, content.length)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 0})
    void aThousandReadersGetEverything(int memory) throws Exception {
        reopenWithMemory(memory);
        var content = octets(100_000);
        var expected = new CRC32C();
        expected.update(content);
        var spool = store.create(ALICE);
        var reads = new ArrayList<FutureTask<Long>>();
        for (int i = 0; i < 500; i++) {
            var reader = spool.reader();
            reads.add(inThread(() -> checksumOf(reader)));
        }
        upload(spool, content);
        spool.complete();
        spool.accepted();
        for (int i = 0; i < 500; i++) {
            var reader = spool.reader();
            reads.add(inThread(() -> checksumOf(reader)));
        }

        for (var read : reads) {
            assertThat(get(read)).isEqualTo(expected.getValue());
        }
        assertThat(store.figures().readers()).isZero();
    }

    private static long checksumOf(SpoolReader open) throws IOException {
        try (var reader = open) {
            var checksum = new CRC32C();
            var buffer = ByteBuffer.allocate(8_192);
            while (reader.read(buffer.clear()) >= 0) {
                checksum.update(buffer.flip());
            }
            return checksum.getValue();
        }
    }

    // K8
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 0})
    void whoReadsAnAbortedSpoolFailsAndItsFileIsGone(int memory) throws Exception {
        reopenWithMemory(memory);
        var spool = store.create(ALICE);
        upload(spool, octets(10_000));
        var waiting = spool.reader();
        var behind = spool.reader();
        var read = new FutureTask<>(() -> readAll(waiting, 10_000));
        awaitWaiting(Thread.ofVirtual().start(read));

        spool.abort();

        assertThat(failureOf(read)).isInstanceOf(SpoolAborted.class);
        assertThatThrownBy(() -> behind.read(ByteBuffer.allocate(1)))
                .isInstanceOf(SpoolAborted.class)
                .hasMessageContaining(spool.id());
        assertThatThrownBy(() -> spool.append(Octets.utf8("more")))
                .isInstanceOf(SpoolAborted.class);
        assertThatThrownBy(spool::accepted).isInstanceOf(SpoolAborted.class);
        assertThat(home.resolve("spool")).isEmptyDirectory();
        assertThat(store.figures().octets()).isZero();
        assertThat(store.figures().memory()).isZero();
    }

    @Test
    void anAcceptedSpoolIsNotAbortedAnyMore() throws Exception {
        var spool = store.create(ALICE);
        upload(spool, octets(100));
        spool.complete();
        spool.accepted();

        spool.abort();

        assertThat(readAll(spool.reader(), 100)).hasSize(100);
    }

    @Test
    void anOwnerThatClosesBeforeTheAcceptanceAborts() throws Exception {
        var spool = store.create(ALICE);
        upload(spool, octets(100));
        spool.complete();

        spool.close();

        assertThat(spool.isAborted()).isTrue();
        assertThat(home.resolve("spool")).isEmptyDirectory();
        assertThatThrownBy(spool::reader).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatIsRemovedStaysUntilItsLastReaderIsDone() throws Exception {
        reopenWithMemory(0);
        var content = octets(10_000);
        var spool = store.create(ALICE);
        upload(spool, content);
        spool.complete();
        spool.accepted();
        var reader = spool.reader();

        spool.remove();
        assertThat(readAll(reader, content.length)).isEqualTo(content);
        assertThat(store.figures().octets()).isEqualTo(10_000);
        reader.close();
        reader.close();

        assertThat(home.resolve("spool")).isEmptyDirectory();
        assertThat(store.figures()).isEqualTo(new SpoolFigures(0, 0, 0, 0, 0));
    }

    @Test
    void viewsShowWhatIsRead() throws Exception {
        reopenWithMemory(0);
        var content = octets(2_500_000);
        var spool = store.create(ALICE);
        upload(spool, content);
        try (var reader = spool.reader()) {
            var seen = ByteBuffer.allocate(content.length);
            var view = reader.view(700_000);
            while (view != null) {
                seen.put(view);
                view = reader.view(700_000);
            }
            assertThat(seen.position()).isEqualTo(2 << 20); // what may still grow is read

            spool.complete();
            spool.accepted();
            spool.remove();
            reader.cancel(); // what was given stays valid
            assertThatThrownBy(() -> reader.view(1)).isInstanceOf(ClosedChannelException.class);
            assertThat(Arrays.copyOf(seen.array(), 2 << 20))
                    .isEqualTo(Arrays.copyOf(content, 2 << 20));
        }
        assertThat(home.resolve("spool")).isEmptyDirectory();
    }

    @Test
    void closingAReaderEndsItsWaiting() throws Exception {
        var spool = store.create(ALICE);
        var reader = spool.reader();
        var other = spool.reader();
        var read = new FutureTask<>(() -> reader.read(ByteBuffer.allocate(1)));
        var otherRead = new FutureTask<>(() -> other.read(ByteBuffer.allocate(1)));
        awaitWaiting(Thread.ofVirtual().start(read));
        awaitWaiting(Thread.ofVirtual().start(otherRead));

        reader.close();

        assertThat(failureOf(read)).isInstanceOf(ClosedChannelException.class);
        spool.append(Octets.utf8("ab"));
        spool.flush();
        assertThat(get(otherRead)).isEqualTo(1);
    }

    @Test
    void anInterruptEndsOneReaderAndDoesNotDisturbOthersOfTheFile() throws Exception {
        reopenWithMemory(0);
        var content = octets(200_000);
        var spool = store.create(ALICE);
        upload(spool, content);
        spool.complete();
        spool.accepted();
        var whole = new ArrayList<FutureTask<byte[]>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                var reader = spool.reader();
                var task = new FutureTask<>(() -> readAll(reader, content.length));
                whole.add(task);
                threads.execute(task);
                var victim = spool.reader();
                threads.submit(() -> readAll(victim, content.length)).cancel(true);
            }
        }

        for (var task : whole) {
            assertThat(get(task)).isEqualTo(content);
        }
    }

    @Test
    void anInterruptedReaderIsClosed() throws Exception {
        var spool = store.create(ALICE);
        var reader = spool.reader();
        var read = new FutureTask<>(() -> reader.read(ByteBuffer.allocate(1)));
        var thread = Thread.ofVirtual().start(read);
        awaitWaiting(thread);

        thread.interrupt();

        assertThat(failureOf(read)).isInstanceOf(ClosedByInterruptException.class);
        assertThat(reader.isOpen()).isFalse();
    }

    @Test
    void theEndOfTheStoreEndsItsReadersAndKeepsWhatWasAccepted() throws Exception {
        reopenWithMemory(0);
        var accepted = store.create(ALICE);
        upload(accepted, octets(100));
        accepted.complete();
        accepted.accepted();
        var under = store.create(ALICE);
        upload(under, octets(100));
        var reader = under.reader();
        var read = new FutureTask<>(() -> readAll(reader, 100));
        awaitWaiting(Thread.ofVirtual().start(read));

        store.close();

        assertThat(failureOf(read)).isInstanceOf(SpoolAborted.class);
        try (var files = Files.list(home.resolve("spool"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactly(accepted.id() + ".spool");
        }
    }
}
