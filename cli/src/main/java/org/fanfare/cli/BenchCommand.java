package org.fanfare.cli;

import org.fanfare.cli.bench.LargeBench;
import org.fanfare.cli.bench.LargeLoad;
import org.fanfare.cli.bench.LargeResponder;
import org.fanfare.cli.bench.PagerBench;
import org.fanfare.cli.bench.PagerLoad;
import org.fanfare.cli.bench.ParseBench;
import org.fanfare.cli.bench.Responder;
import org.fanfare.cli.bench.RunCertificate;
import org.fanfare.cli.bench.ServerUnderLoad;
import org.fanfare.sip.transport.TransportProtocol;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Figures of this machine, with its own floor measured in the same run.
@Command(
        name = "bench",
        description = {
            "Measure: how many copies a second, how much a copy costs, and what the machine could"
                    + " do at all.",
            "Each prints one JSON object, or one for each load, a line each."
        })
final class BenchCommand {

    @Spec private CommandSpec spec;

    @Command(
            name = "pager",
            description =
                    "One MESSAGE to many: sender, server and recipients in processes of their own,"
                            + " over loopback.")
    int pager(
            @Option(
                            names = "--recipients",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "On each list, ${DEFAULT-VALUE}.")
                    int recipients,
            @Option(
                            names = "--legs",
                            paramLabel = "N",
                            defaultValue = "400000",
                            description = "Copies to measure, about; ${DEFAULT-VALUE}.")
                    int legs,
            @Option(
                            names = "--transport",
                            paramLabel = "udp|tcp|tls",
                            defaultValue = "udp",
                            description = "Of the copies, ${DEFAULT-VALUE}.")
                    String transport,
            @Option(
                            names = "--dead",
                            paramLabel = "PERCENT",
                            defaultValue = "0",
                            description = "Recipients that never answer.")
                    int dead,
            @Option(names = "--no-ledger", description = "Keep nothing on disk.") boolean noLedger,
            @Option(
                            names = "--heap",
                            paramLabel = "MIB",
                            defaultValue = "512",
                            description = "Heap of the server, ${DEFAULT-VALUE}.")
                    int heap)
            throws IOException, InterruptedException {
        atLeastOne("--recipients", recipients);
        atLeastOne("--legs", legs);
        var protocol =
                TransportProtocol.of(transport)
                        .orElseThrow(() ->
                                wrong("--transport: expected udp, tcp or tls, found " + transport));
        if (dead < 0 || dead > 99) {
            throw wrong("--dead: expected 0 to 99 percent, found " + dead);
        }
        if (dead > 0 && recipients < 100) {
            throw wrong("--dead: expected at least 100 --recipients, found " + recipients);
        }
        var folder = Files.createTempDirectory("fanfare-bench");
        try {
            var load =
                    new PagerLoad(
                            recipients,
                            Math.max(legs / recipients, 1),
                            dead,
                            protocol,
                            !noLedger,
                            folder);
            return print(new PagerBench(load, heap).run());
        } finally {
            delete(folder);
        }
    }

    @Command(
            name = "large",
            description =
                    "One large message to many: sender, server and recipients in processes of their"
                            + " own, over loopback.")
    int large(
            @Option(
                            names = "--recipients",
                            paramLabel = "N",
                            split = ",",
                            defaultValue = "100",
                            description =
                                    "On each list, ${DEFAULT-VALUE}; of several, such as"
                                            + " 10,100, one after the other.")
                    List<Integer> recipients,
            @Option(
                            names = "--size",
                            paramLabel = "OCTETS",
                            split = ",",
                            defaultValue = "1MiB",
                            description =
                                    "Of a message, such as 10KiB or 100MiB, or several;"
                                            + " ${DEFAULT-VALUE}.")
                    List<String> sizes,
            @Option(
                            names = "--messages",
                            paramLabel = "M",
                            description = "To measure, one after another; a gibibyte without it.")
                    Integer messages,
            @Option(
                            names = "--chunk",
                            paramLabel = "OCTETS",
                            defaultValue = "2048",
                            description =
                                    "Of content in a chunk, 0 for one interruptible chunk;"
                                            + " ${DEFAULT-VALUE}.")
                    int chunk,
            @Option(
                            names = "--slow",
                            paramLabel = "PERCENT",
                            defaultValue = "0",
                            description = "Recipients that take four seconds for a message.")
                    int slow,
            @Option(
                            names = "--parallel",
                            paramLabel = "N",
                            defaultValue = "50",
                            description =
                                    "Sessions that the server opens at once at first,"
                                            + " ${DEFAULT-VALUE}.")
                    int parallel,
            @Option(names = "--no-ledger", description = "Keep nothing on disk but the content.")
                    boolean noLedger,
            @Option(
                            names = "--heap",
                            paramLabel = "MIB",
                            defaultValue = "512",
                            description = "Heap of the server, ${DEFAULT-VALUE}.")
                    int heap)
            throws IOException, InterruptedException {
        recipients.forEach(number -> atLeastOne("--recipients", number));
        atLeastOne("--parallel", parallel);
        var octets = sizes.stream().map(this::octets).toList();
        if (slow < 0 || slow > 90) {
            throw wrong("--slow: expected 0 to 90 percent, found " + slow);
        }
        if (chunk < 0) {
            throw wrong("--chunk: expected 0 or more, found " + chunk);
        }
        if (messages != null) {
            atLeastOne("--messages", messages);
        }
        var folder = Files.createTempDirectory("fanfare-bench");
        try {
            var loads = new ArrayList<LargeLoad>();
            for (int number : recipients) {
                for (int size : octets) {
                    int all = messages == null ? aGibibyte(number, size) : messages;
                    loads.add(
                            new LargeLoad(
                                    number, size, all, chunk, slow, parallel, !noLedger, folder));
                }
            }
            new LargeBench(loads, heap).run(this::print);
            return ExitStatus.DONE;
        } finally {
            delete(folder);
        }
    }

    /// Messages, at most 200, and at most 20,000 legs.
    private static int aGibibyte(int recipients, int octets) {
        long byOctets = (1L << 30) / ((long) recipients * octets);
        return Math.clamp(Math.min(byOctets, 20_000 / recipients), 1, 200);
    }

    private int octets(String size) {
        var matcher = Pattern.compile("([0-9]{1,9})(KiB|MiB)?").matcher(size);
        if (!matcher.matches()) {
            throw wrong("--size: expected octets such as 10KiB or 1MiB, found " + size);
        }
        var unit = matcher.group(2);
        int shift = unit == null ? 0 : unit.equals("KiB") ? 10 : 20;
        long octets = Long.parseLong(matcher.group(1)) << shift;
        if (octets < 1024 || octets > 100L << 20) {
            throw wrong("--size: expected 1KiB to 100MiB, found " + size);
        }
        return (int) octets;
    }

    @Command(name = "parse", description = "Parse and write a MESSAGE, one core.")
    int parse(
            @Option(
                            names = "--seconds",
                            paramLabel = "S",
                            defaultValue = "3",
                            description = "For each of the two rates, ${DEFAULT-VALUE}.")
                    int seconds) {
        atLeastOne("--seconds", seconds);
        return print(new ParseBench(seconds).run());
    }

    @Command(name = "responder", hidden = true, description = "The recipients of `bench pager`.")
    int responder(@Option(names = "--tls") Path tls) throws IOException {
        new Responder(tls == null ? null : new RunCertificate(tls).settings())
                .run(
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.US_ASCII)),
                        this::say);
        return ExitStatus.DONE;
    }

    @Command(
            name = "large-responder",
            hidden = true,
            description = "The recipients of `bench large`.")
    int largeResponder() throws IOException, InterruptedException {
        new LargeResponder().run(System.in, this::say);
        return ExitStatus.DONE;
    }

    @Command(name = "server", hidden = true, description = "The server of a benchmark.")
    int server(@Parameters int responderPort, @Option(names = "--set") List<String> settings)
            throws Exception {
        new ServerUnderLoad(responderPort, settings).run(System.in, this::say);
        return ExitStatus.DONE;
    }

    private void atLeastOne(String option, int value) {
        if (value < 1) {
            throw wrong(option + ": expected 1 or more, found " + value);
        }
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private int print(Map<String, Object> result) {
        say(JsonMapper.builder().build().writeValueAsString(result));
        return ExitStatus.DONE;
    }

    private void say(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
