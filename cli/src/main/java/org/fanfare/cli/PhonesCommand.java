package org.fanfare.cli;

import org.fanfare.client.LargeMessageSettings;
import org.fanfare.client.LargeScript;
import org.fanfare.client.PhoneCounts;
import org.fanfare.client.PhoneFleet;
import org.fanfare.client.PhoneScript;
import org.fanfare.client.RegistrationState;
import org.fanfare.sip.transport.Hop;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/// A fleet of simulated phones with scripted behaviour.
@Command(
        name = "phones",
        description = {
            "Be many phones: register them all, answer messages as told, report delivery and"
                    + " display as asked.",
            "Runs until it is ended; says what came whenever something came."
        },
        footer = {
            "",
            "Example: a thousand phones of which one in twenty is busy",
            "  fanfare phones --count 1000 --domain home.example --via 127.0.0.1:5060 --answer"
                    + " 200:95,486:5",
            "Ten that hang up after 100,000 octets of a large message:",
            "  fanfare phones --count 10 --via 127.0.0.1:5060 --large bye@100000"
        })
final class PhonesCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofSeconds(1);

    @Spec private CommandSpec spec;

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many, ${DEFAULT-VALUE} unless given.")
    private int count;

    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            defaultValue = "sip:phone",
            description =
                    "Their addresses are PREFIX1@DOMAIN and so on, ${DEFAULT-VALUE} unless given.")
    private String prefix = "";

    @Option(
            names = "--domain",
            paramLabel = "D",
            defaultValue = "home.example",
            description = "${DEFAULT-VALUE} unless given.")
    private String domain = "";

    @Option(
            names = "--via",
            required = true,
            paramLabel = "HOST:PORT[;transport=tcp]",
            converter = Converters.ToHop.class,
            description = "The SIP/IP core where they register.")
    private @Nullable Hop via;

    @Option(
            names = "--answer",
            paramLabel = "CODE[:weight],...",
            defaultValue = "200",
            description = "What they answer, by weight; ${DEFAULT-VALUE} unless given.")
    private String answers = "";

    @Option(
            names = "--delay",
            paramLabel = "MS",
            defaultValue = "0",
            description = "Milliseconds before an answer.")
    private int delay;

    @Option(
            names = "--silent",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Messages that are not answered at all.")
    private int silent;

    @Option(
            names = "--large",
            paramLabel = "MISHAP",
            description = {
                "What goes wrong with large messages, after so many octets of them: 413@100000"
                        + " refuses a chunk, cut@100000 cuts the connection, bye@100000 hangs up,"
                        + " never makes no connection.",
                "Nothing unless given."
            })
    private @Nullable String mishap;

    @Option(
            names = "--rate",
            paramLabel = "OCTETS",
            defaultValue = "0",
            description = "Octets that they read of a large message in a second; 0: all.")
    private long rate;

    @Option(
            names = "--active",
            description = "Connect to the sender of a large message, rather than wait for him.")
    private boolean active;

    @Option(
            names = "--expires",
            paramLabel = "S",
            defaultValue = "3600",
            description = "Seconds that a registration lasts before it is refreshed.")
    private int expires;

    @Mixin private TlsOptions tls = new TlsOptions();

    @Option(names = "--json", description = "One JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var events = new Events(spec.commandLine().getOut(), json);
        try (var phones = open()) {
            var told = values(phones.counts());
            register(phones, events);
            while (true) {
                Thread.sleep(LOOK);
                told = tellChanges(phones.counts(), told, events);
            }
        } catch (IOException e) {
            throw noAnswer(String.valueOf(e.getMessage()));
        }
    }

    private PhoneFleet open() throws IOException, CommandFailure {
        var core = Objects.requireNonNull(via);
        try {
            var builder =
                    PhoneFleet.builder(core, domain)
                            .count(count)
                            .prefix(prefix.replaceFirst("^sips?:", ""))
                            .script(script());
            tls.settings(core).ifPresent(builder::tls);
            builder.large(tls.large(LargeMessageSettings.DEFAULT));
            return builder.start();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private PhoneScript script() {
        return PhoneScript.FRIENDLY
                .withAnswers(PhoneScript.parseAnswers(answers))
                .withDelay(Duration.ofMillis(delay))
                .withSilentPercent(silent)
                .withLarge(large());
    }

    private LargeScript large() {
        var script = LargeScript.FRIENDLY.withActive(active).withOctetsPerSecond(rate);
        return mishap == null ? script : script.withMishap(mishap);
    }

    private void register(PhoneFleet phones, Events events)
            throws CommandFailure, InterruptedException {
        var registered = phones.register(Duration.ofSeconds(expires));
        if (registered.registered() == 0) {
            var why = registered.failures().getFirst();
            throw noAnswer("registration: " + describe(why));
        }
        events.tell(
                "registered",
                "%d of %d phones registered at %s".formatted(registered.registered(), count, via),
                Events.values(
                        "registered", registered.registered(),
                        "failed", registered.failures().size()));
    }

    /// An answer, or why there is none.
    static String describe(RegistrationState state) {
        return state.status() == 0 ? state.reason() : state.status() + " " + state.reason();
    }

    /// What has happened, if anything has since it was told last.
    ///
    /// @return what is told now
    private static Map<String, @Nullable Object> tellChanges(
            PhoneCounts counts, Map<String, @Nullable Object> told, Events events) {
        var values = values(counts);
        if (!values.equals(told)) {
            events.tell("counts", counts.toString(), values);
        }
        return values;
    }

    private static Map<String, @Nullable Object> values(PhoneCounts counts) {
        var answered = new TreeMap<String, Long>();
        counts.answers().forEach((status, times) -> answered.put(status.toString(), times));
        return Events.values(
                "messages", counts.messages(),
                "duplicates", counts.duplicates(),
                "silent", counts.silent(),
                "answers", answered,
                "reports", counts.reportsSent(),
                "large", counts.large(),
                "octets", counts.octets());
    }

    private CommandFailure noAnswer(String why) {
        return new CommandFailure(
                ExitStatus.NO_ANSWER,
                "no answer from %s: %s (is it running? try: fanfare status)".formatted(via, why));
    }
}
