package org.fanfare.cli;

import org.fanfare.client.CannotSend;
import org.fanfare.client.CpmClient;
import org.fanfare.client.Disposition;
import org.fanfare.client.DispositionReport;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.SendResult;
import org.fanfare.client.Transfer;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

/// The CPM Client as a command: one message to one user, a group, or many.
@Command(
        name = "send",
        description = {
            "Send a message to one user, a group, or many.",
            "With one --to it goes straight to that user, with several by way of the EXPLODER-URI.",
            "What has more than 1300 octets goes over MSRP, with progress; Ctrl-C then cancels it."
        },
        footer = {
            "",
            "Example, with `fanfare serve` running:",
            "  fanfare send --from sip:alice@home.example --via 127.0.0.1:5060 \\",
            "    --exploder sip:exploder@home.example \\",
            "    --to sip:bob@home.example --to sip:carol@home.example --text 'Lunch at noon?'",
            "A film, from its file:",
            "  fanfare send --from sip:alice@home.example --via '127.0.0.1:5060;transport=tcp' \\",
            "    --to sip:bob@home.example --file video.mp4"
        })
final class SendCommand implements Callable<Integer> {

    private static final Duration REGISTRATION = Duration.ofMinutes(10);

    /// For CANCEL or BYE when the process is told to end.
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    @Spec private CommandSpec spec;

    @Mixin private PhoneOptions phone = new PhoneOptions();

    @ArgGroup(exclusive = false, heading = "%nTo whom:%n")
    private TargetOptions target = new TargetOptions();

    @ArgGroup(exclusive = false, heading = "%nWhat:%n")
    private ContentOptions content = new ContentOptions();

    @Option(
            names = "--register",
            description = "Register first, as a core may demand; --wait does so by itself.")
    private boolean register;

    @Option(
            names = "--wait",
            paramLabel = "S",
            description =
                    "Stay so many seconds for the reports asked for by --imdn; less when all are"
                            + " in.")
    private int waitSeconds;

    @Option(
            names = "--json",
            description = "One JSON object a line for each event; the last one is the result.")
    private boolean json;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Note the message here, so that `fanfare inbox` knows its copy again.")
    private @Nullable Path history;

    private final Map<String, Disposition> dispositions = new ConcurrentHashMap<>();
    private boolean concluded;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var events = new Events(spec.commandLine().getOut(), json);
        var message = content.message();
        target.applyTo(message);
        if (history != null) {
            new HistoryFile(history).check();
        }
        try (var client = open(events)) {
            if (register || waitSeconds > 0) {
                register(client);
            }
            var result = send(client, message.build(), events);
            note(result);
            if (result.isSuccess()) {
                awaitReports();
            }
            return conclude(events, result);
        } catch (CannotSend e) {
            throw new CommandFailure(ExitStatus.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw phone.noAnswer(String.valueOf(e.getMessage()));
        }
    }

    /// Not what was refused: no store has that. What was not answered may have arrived
    /// (7.2.1.1/19.lost, 7.2.1.2/sent.4.lost). The message is sent, whatever becomes of the note.
    private void note(SendResult result) {
        if (history == null || (!result.isSuccess() && result.status() != 0)) {
            return;
        }
        try {
            new HistoryFile(history).add(result.handled());
        } catch (CommandFailure e) {
            spec.commandLine().getErr().println("fanfare: warning: " + e.getMessage());
        }
    }

    private SendResult send(CpmClient client, OutgoingMessage message, Events events)
            throws InterruptedException {
        try (var progress = new TransferProgress(events, !json)) {
            var transfer = client.begin(message, progress);
            var cancel = new Thread(() -> cancel(transfer), "cancel");
            Runtime.getRuntime().addShutdownHook(cancel);
            try {
                return transfer.await();
            } finally {
                transfer.cancel(); // nothing, when it is over
                stay(cancel);
            }
        }
    }

    /// The process is told to end: the network is told so too, if there is time.
    private static void cancel(Transfer transfer) {
        transfer.cancel();
        var waits = Thread.ofVirtual().start(() -> awaitQuietly(transfer));
        try {
            waits.join(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitQuietly(Transfer transfer) {
        try {
            transfer.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void stay(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // it is running already
        }
    }

    private CpmClient open(Events events) throws IOException, CommandFailure {
        return phone.client(target.provisioning())
                .onReport(report -> onReport(events, report))
                .start();
    }

    private void register(CpmClient client) throws CommandFailure, InterruptedException {
        var state = client.register(REGISTRATION);
        if (state.status() == 0) {
            throw phone.noAnswer(state.reason());
        }
    }

    /// After the result nothing more is told: it is the last line.
    private synchronized void onReport(Events events, DispositionReport report) {
        if (concluded) {
            return;
        }
        var state = report.now().name().toLowerCase(Locale.ROOT);
        events.tell(
                "report",
                report.reporter() + ": " + state,
                Events.values("recipient", report.reporter().toString(), "state", state));
        dispositions.put(report.reporter().canonical(), report.now());
    }

    private void awaitReports() throws InterruptedException {
        if (!content.wantsReports()) {
            return;
        }
        long end = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        while (System.nanoTime() < end && settled() < target.count()) {
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    /// How many recipients have told the last that was asked of them.
    private long settled() {
        var last = content.wantsDisplay() ? Disposition.DISPLAYED : Disposition.DELIVERED;
        return dispositions.values().stream()
                .filter(now ->
                        now.compareTo(last) >= 0
                                || now == Disposition.FAILED
                                || now == Disposition.INTERWORKED)
                .count();
    }

    private synchronized int conclude(Events events, SendResult result) throws CommandFailure {
        concluded = true;
        if (result.status() != 0 || json) {
            events.tell("result", sentence(result), values(result));
        }
        if (result.status() == 0) {
            throw phone.noAnswer(result.reason());
        }
        if (!result.isSuccess()) {
            return ExitStatus.FAILED_FOR_ALL;
        }
        int failed = Collections.frequency(dispositions.values(), Disposition.FAILED);
        if (failed == 0) {
            return ExitStatus.DONE;
        }
        return failed < target.count() ? ExitStatus.FAILED_FOR_SOME : ExitStatus.FAILED_FOR_ALL;
    }

    private static String sentence(SendResult result) {
        return result.isSuccess()
                ? "sent (%d), contribution %s".formatted(result.status(), result.contributionId())
                : "not sent: " + result.explanation();
    }

    private static Map<String, ?> values(SendResult result) {
        var warnings = result.warnings();
        return Events.values(
                "mode", result.mode().toString(),
                "status", result.status(),
                "warning", warnings.isEmpty() ? null : warnings.getFirst().text(),
                "contributionId", result.contributionId().toString(),
                "conversationId", result.conversationId().toString(),
                "messageUid", result.messageUid().map(Object::toString).orElse(null));
    }
}
