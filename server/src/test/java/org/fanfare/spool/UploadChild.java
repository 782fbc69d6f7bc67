package org.fanfare.spool;

import org.fanfare.ledger.AcceptRecord;
import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.Ledgers;
import org.fanfare.ledger.MessageHead;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.Outcome;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.ledger.SpoolReference;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/// A process that takes large messages and gives them to their recipients, one message after the
/// other, until it is ended.
///
/// Lines: `whole N I` when recipient I has message N to its end, `answered N`.
final class UploadChild {

    static final int MESSAGES = 2;
    static final int CHUNKS = 20;

    private static final int CHUNK = 2_048;
    private static final List<String> RECIPIENTS =
            List.of("sip:bob@home.example", "sip:carol@home.example", "sip:dave@home.example");

    private final Ledger ledger;
    private final SpoolStore spools;

    private UploadChild(Ledger ledger, SpoolStore spools) {
        this.ledger = ledger;
        this.spools = spools;
    }

    static Ledger ledger(Path home) throws Exception {
        return Ledgers.open("file:" + home.resolve("ledger"), Clock.systemUTC(), "child");
    }

    static SpoolStore spools(Path home) throws IOException {
        return SpoolStore.open(home.resolve("spool"), "child", SpoolLimits.DEFAULT);
    }

    static byte[] content(int number) {
        var content = new byte[CHUNKS * CHUNK];
        new Random(number).nextBytes(content);
        return content;
    }

    /// Runs until it has done all or is ended.
    ///
    /// @param args directory
    public static void main(String[] args) throws Exception {
        var home = Path.of(args[0]);
        try (var spools = spools(home);
                var ledger = ledger(home)) {
            for (int number = 1; number <= MESSAGES; number++) {
                new UploadChild(ledger, spools).take(number);
            }
        }
    }

    private static synchronized void say(String line) {
        System.out.println("> " + line);
        System.out.flush();
    }

    private void take(int number) throws IOException {
        var spool = spools.create("sip:alice@home.example");
        var accepted = new CompletableFuture<MessageRef>();
        try (var legs = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < RECIPIENTS.size(); i++) {
                var leg = new Leg(number, i, spool.reader());
                legs.execute(() -> leg.run(ledger, accepted));
            }
            var content = Octets.of(content(number));
            for (int at = 0; at < content.length(); at += CHUNK) {
                spool.append(content.slice(at, at + CHUNK));
                spool.flush();
            }
            var reference = spool.complete();
            var message = new AcceptRecord(head(number, reference), RECIPIENTS, List.of());
            accepted.complete(ledger.accept(message).message());
            spool.accepted();
        }
        ledger.flush(accepted.join());
        CrashPoint.BEFORE_LAST_MSRP_200.visit();
        ledger.answered(accepted.join(), new StoredAnswer(200, "", ""));
        say("answered " + number);
        spool.remove();
    }

    private static MessageHead head(int number, SpoolReference spool) {
        var now = Instant.now();
        return new MessageHead(
                "sip:alice@home.example",
                Integer.toString(number),
                "conversation",
                "imdn",
                Octets.EMPTY,
                "large",
                Octets.EMPTY,
                spool,
                now,
                now.plus(Duration.ofHours(1)),
                false);
    }

    private record Leg(int number, int recipient, SpoolReader reader) {

        void run(Ledger ledger, CompletableFuture<MessageRef> accepted) {
            try (reader) {
                Channels.newInputStream(reader).readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            say("whole %d %d".formatted(number, recipient));
            CrashPoint.AFTER_RESPONSE_BEFORE_OUTCOME.visit();
            ledger.record(accepted.join(), recipient, delivered());
        }
    }

    private static Outcome delivered() {
        return new Outcome(OutcomeKind.DELIVERED, 200, "OK", Instant.now(), 1);
    }

    /// What the next process does first.
    ///
    /// @return for each recipient that is sent to again, the content that it gets
    static List<byte[]> recover(Ledger ledger, SpoolStore spools) throws IOException {
        spools.removeAllBut(ledger::spools);
        var sent = new ArrayList<byte[]>();
        for (var range : ledger.claimUnfinished(10)) {
            var spool = spools.reopen(range.head().spool());
            for (int i = 0; i < range.states().size(); i++) {
                if (!range.states().get(i).outcome().kind().isFinal()) {
                    try (var reader = spool.reader()) {
                        sent.add(Channels.newInputStream(reader).readAllBytes());
                    }
                    ledger.record(range.message(), range.from() + i, delivered());
                }
            }
            ledger.answered(range.message(), new StoredAnswer(200, "", ""));
            spool.close();
        }
        spools.removeAllBut(ledger::spools);
        return sent;
    }
}
