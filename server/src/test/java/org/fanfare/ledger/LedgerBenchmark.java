package org.fanfare.ledger;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// What the ledger holds: `LedgerBenchmark [URL]`, by default on a new SQLite file, and `postgres`
/// for an embedded server.
final class LedgerBenchmark {

    private static final int LONG_LIST = 100_000;

    private final Ledger ledger;
    private long cpuBefore;
    private final AtomicInteger ids = new AtomicInteger();

    private LedgerBenchmark(Ledger ledger) {
        this.ledger = ledger;
    }

    public static void main(String[] args) throws Exception {
        var url = args.length > 0 ? args[0] : "";
        if (url.isEmpty()) {
            url =
                    "file:"
                            + Files.createTempDirectory(Path.of("."), "ledger-bench")
                                    .toAbsolutePath();
        } else if (url.equals("postgres")) {
            url = PostgresServer.running().newSchema();
        }
        try (var ledger = Ledgers.open(url, LedgerSettings.DEFAULT, Clock.systemUTC(), "bench")) {
            var benchmark = new LedgerBenchmark(ledger);
            System.out.println(url);
            benchmark.measure();
        }
        System.exit(0);
    }

    private void measure() throws Exception {
        for (int round = 1; round <= 2; round++) {
            System.out.println("round " + round + (round == 1 ? " (warm-up)" : ""));
            accepts(1, 300);
            accepts(64, 5_000);
            accepts(1_000, 20_000);
            wholeMessages(64, 5_000);
            longLists(5);
            changes(1, 10);
            changes(4, 5);
        }
    }

    private AcceptRecord message(List<String> recipients) {
        var head = Messages.head("c" + ids.incrementAndGet());
        var now = Instant.now();
        return new AcceptRecord(
                new MessageHead(
                        head.originator(),
                        head.contributionId(),
                        head.conversationId(),
                        head.imdnMessageId(),
                        head.contentHash(),
                        head.mode(),
                        org.fanfare.wire.Octets.of(new byte[1_000]),
                        now,
                        now.plusSeconds(3_600),
                        false),
                recipients,
                List.of());
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private interface Action {
        void run();
    }

    private long[] run(int concurrent, int count, Action action) throws InterruptedException {
        var slots = new Semaphore(concurrent);
        cpuBefore = cpu();
        var nanos = new long[count];
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                slots.acquire();
                int index = i;
                threads.execute(() -> {
                    long begin = System.nanoTime();
                    action.run();
                    nanos[index] = System.nanoTime() - begin;
                    slots.release();
                });
            }
        }
        Arrays.sort(nanos);
        var result = Arrays.copyOf(nanos, count + 1);
        result[count] = System.nanoTime() - start;
        return result;
    }

    private void accepts(int concurrent, int count) throws InterruptedException {
        var one = Messages.phones(1);
        long commits = ledger.figures().commits();
        var nanos = run(concurrent, count, () -> ledger.accept(message(one)));
        print("accepts, " + concurrent + " at once", count, nanos, commits);
    }

    private void wholeMessages(int concurrent, int count) throws InterruptedException {
        var one = Messages.phones(1);
        long commits = ledger.figures().commits();
        var nanos =
                run(
                        concurrent,
                        count,
                        () -> {
                            var ref = ledger.accept(message(one)).message();
                            ledger.record(
                                    ref,
                                    0,
                                    new Outcome(
                                            OutcomeKind.DELIVERED, 200, "OK", Instant.now(), 1));
                            ledger.answered(ref, Messages.OK);
                        });
        print("accept, outcome, answer, " + concurrent + " at once", count, nanos, commits);
    }

    private void longLists(int count) throws InterruptedException {
        var many = Messages.phones(LONG_LIST);
        long commits = ledger.figures().commits();
        var nanos = run(1, count, () -> ledger.accept(message(many)));
        print("accepts of 100,000 recipients", count, nanos, commits);
    }

    /// Each message's outcomes come as a fan-out makes them: in order, from several threads.
    private void changes(int messages, int count) throws InterruptedException {
        var many = Messages.phones(LONG_LIST);
        var refs = new java.util.concurrent.ConcurrentLinkedQueue<MessageRef>();
        for (int i = 0; i < count; i++) {
            refs.add(ledger.accept(message(many)).message());
        }
        long commits = ledger.figures().commits();
        long writes = ledger.figures().writes();
        var now = Instant.now();
        var nanos =
                run(
                        messages,
                        count,
                        () -> {
                            var ref = refs.remove();
                            for (int i = 0; i < LONG_LIST; i++) {
                                ledger.record(
                                        ref,
                                        i,
                                        new Outcome(OutcomeKind.DELIVERED, 200, "OK", now, 1));
                            }
                            ledger.answered(ref, Messages.OK);
                        });
        print("changes, " + messages + " lists at once", count * LONG_LIST, nanos, commits);
        System.out.printf("    %d array writes%n", ledger.figures().writes() - writes);
    }

    private void print(String what, int count, long[] nanos, long commitsBefore) {
        int last = nanos.length - 2;
        double seconds = nanos[last + 1] / 1e9;
        System.out.printf(
                "%-40s %,12.0f/s  %7.2f us CPU  p50 %7.2f ms  p99 %7.2f ms  max %7.2f ms  %,d"
                        + " commits%n",
                what,
                count / seconds,
                (cpu() - cpuBefore) / 1e3 / count,
                nanos[last / 2] / 1e6,
                nanos[(int) (last * 0.99)] / 1e6,
                nanos[last] / 1e6,
                ledger.figures().commits() - commitsBefore);
    }
}
