package org.fanfare.cli;

import org.fanfare.client.CpmClient;
import org.fanfare.client.Provisioning;
import org.fanfare.client.ReceivedMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.mime.MediaType;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// A phone: registers, shows messages, answers IMDNs.
@Command(
        name = "receive",
        description = {
            "Be a phone: register, show messages, report delivery and display as asked.",
            "Runs until it has received --count messages, or is ended."
        })
final class ReceiveCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private PhoneOptions phone = new PhoneOptions();

    @Option(names = "--count", paramLabel = "N", description = "End after so many messages.")
    private @Nullable Integer count;

    @Option(
            names = "--expires",
            paramLabel = "S",
            defaultValue = "600",
            description =
                    "Seconds that a registration lasts before it is refreshed, ${DEFAULT-VALUE}.")
    private int expires;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "Where content that is no text is kept, ${DEFAULT-VALUE} unless given.")
    private Path folder = Path.of(".");

    @Option(
            names = "--active",
            description = "Connect to the sender of a large message, rather than wait for him.")
    private boolean active;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Note messages here, so that `fanfare inbox` knows their copies again.")
    private @Nullable Path history;

    @Option(names = "--json", description = "One JSON object a line for each message.")
    private boolean json;

    private static final MediaType ANYTHING = MediaType.of("application", "octet-stream");

    private final AtomicReference<CpmClient> client = new AtomicReference<>();

    /// The first message that was not kept or not noted.
    private final AtomicReference<@Nullable CommandFailure> failure = new AtomicReference<>();

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var events = new Events(spec.commandLine().getOut(), json);
        var missing = new CountDownLatch(count == null ? Integer.MAX_VALUE : count);
        checkFiles();
        try (var opened =
                phone.client(Provisioning.NONE)
                        .large(phone.large().withActive(active))
                        .onMessage(message -> onMessage(message, events, missing))
                        .start()) {
            client.set(opened);
            register(opened);
            missing.await();
            opened.unregister();
            var failed = failure.get();
            return failed == null ? ExitStatus.DONE : failed.exitStatus();
        } catch (IOException e) {
            throw phone.noAnswer(String.valueOf(e.getMessage()));
        }
    }

    /// What cannot be written is found before the first message comes.
    private void checkFiles() throws CommandFailure {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw cannotKeep(e);
        }
        if (!Files.isWritable(folder)) {
            throw cannotKeep(new AccessDeniedException(folder.toString()));
        }
        if (history != null) {
            new HistoryFile(history).check();
        }
    }

    private static CommandFailure cannotKeep(IOException e) {
        return new CommandFailure(
                ExitStatus.CONFIGURATION, "--folder: content cannot be kept: " + e);
    }

    private void register(CpmClient opened) throws CommandFailure, InterruptedException {
        var state = opened.register(Duration.ofSeconds(expires));
        if (!state.isRegistered()) {
            throw phone.noAnswer("registration: " + PhonesCommand.describe(state));
        }
        spec.commandLine().getErr().println("fanfare: registered as " + phone.user().uri());
        spec.commandLine().getErr().flush();
    }

    private void onMessage(ReceivedMessage message, Events events, CountDownLatch missing) {
        try {
            show(message, events);
        } catch (CommandFailure e) {
            failed(e); // what was not kept is not received: neither displayed nor counted
            return;
        }
        try {
            client.get().displayed(message);
            note(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CommandFailure e) {
            failed(e);
        } finally {
            missing.countDown();
        }
    }

    private void failed(CommandFailure why) {
        failure.compareAndSet(null, why);
        spec.commandLine().getErr().println("fanfare: " + why.getMessage());
        spec.commandLine().getErr().flush();
    }

    private void note(ReceivedMessage message) throws CommandFailure {
        var handled = message.handled().orElse(null);
        if (history != null && handled != null) {
            new HistoryFile(history).add(handled);
        }
    }

    private void show(ReceivedMessage message, Events events) throws CommandFailure {
        var from = message.originator().map(Uri::toString).orElse("anonymous");
        var text = message.text().orElse(null);
        var file = text == null ? keep(message).toString() : null;
        events.tell(
                "message",
                from
                        + ": "
                        + (text == null
                                ? "(" + message.contentType().essence() + ") " + file
                                : text),
                Events.values(
                        "from",
                        from,
                        "to",
                        message.request().to().uri().toString(),
                        "contentType",
                        message.contentType().essence(),
                        text == null ? "file" : "text",
                        text == null ? file : text,
                        "octets",
                        message.size(),
                        "subject",
                        message.subject().orElse(null),
                        "contributionId",
                        message.contributionId().map(ContributionId::toString).orElse(null),
                        "conversationId",
                        message.conversationId().map(ConversationId::toString).orElse(null),
                        "mode",
                        message.mode().toString(),
                        "messageId",
                        message.imdnMessageId().orElse(null)));
    }

    /// Under a name of our own: nothing that the sender wrote becomes part of a path.
    private Path keep(ReceivedMessage message) throws CommandFailure {
        try {
            Files.createDirectories(folder);
            var file = Files.createTempFile(folder, "message-", ending(message.contentType()));
            Files.delete(file);
            message.saveTo(file);
            return file;
        } catch (IOException e) {
            throw cannotKeep(e);
        }
    }

    private static String ending(MediaType type) {
        return type.is(ANYTHING) ? ".bin" : "." + type.subtype().replaceAll("[^A-Za-z0-9]", "");
    }
}
