package org.fanfare.cli;

import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.Disposition;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.PhoneFleet;
import org.fanfare.client.PhoneScript;
import org.fanfare.client.Provisioning;
import org.fanfare.client.SendResult;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.server.Configuration;
import org.fanfare.server.FanfareServer;
import org.fanfare.server.StartFailure;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/// A core, the Participating Function, 100 phones and a sender, all on loopback, every message a
/// real one.
final class Demo implements AutoCloseable {

    private static final String DOMAIN = "home.example";
    private static final String SENDER = "alice";
    private static final Uri EXPLODER = Uri.parse("sip:exploder@" + DOMAIN);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PrintWriter out;
    private final FanfareServer server;
    private final @Nullable DemoStore store;
    private final List<PhoneFleet> fleets = new ArrayList<>();
    private final Set<String> displayed = ConcurrentHashMap.newKeySet();
    private final Set<String> delivered = ConcurrentHashMap.newKeySet();

    /// @param store where messages are recorded; null: nowhere
    Demo(Path folder, PrintWriter out, @Nullable DemoStore store) {
        this.out = out;
        this.store = store;
        var settings =
                new ArrayList<>(
                        List.of(
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "core.domain=" + DOMAIN,
                                "exploder-uris=[\"" + EXPLODER + "\"]",
                                "ledger.url=file:" + folder.resolve("ledger")));
        if (store != null) {
            settings.addAll(store.configuration());
        }
        server = new FanfareServer(Configuration.load(null, settings));
    }

    /// A mailbox for the sender, with its files in `folder`.
    static DemoStore store(Path folder) throws CommandFailure, IOException, InterruptedException {
        return DemoStore.start(folder, SENDER, DOMAIN);
    }

    /// Whether everything went as it must.
    boolean run(DemoContent content)
            throws IOException, StartFailure, InterruptedException, CommandFailure {
        say("One message to %d phones, on loopback.".formatted(content.phones()));
        server.start();
        var udp = core(TransportProtocol.UDP);
        var tcp = core(TransportProtocol.TCP);
        startPhones(udp, tcp, content);
        var settings =
                ClientSettings.of(NameAddress.parse("<sip:%s@%s>".formatted(SENDER, DOMAIN)))
                        .withProvisioning(Provisioning.NONE.withExploderUri(EXPLODER));
        try (var alice =
                CpmClient.builder(settings, udp)
                        .onReport(report -> note(report.reporter(), report.now()))
                        .start()) {
            alice.register(HOUR);
            return send(alice, content);
        }
    }

    private Hop core(TransportProtocol protocol) {
        var point =
                server.coreListening().stream()
                        .filter(p -> p.protocol() == protocol)
                        .findFirst()
                        .orElseThrow();
        return new Hop(protocol, point.address(), Hop.Size.ANY);
    }

    private void startPhones(Hop udp, Hop tcp, DemoContent content)
            throws IOException, InterruptedException {
        try (var progress = Progress.of(out, "phones register", content.phones())) {
            register(phones(udp, "phone", content.udpPhones(), content.udp()), progress);
            register(phones(tcp, "tablet", content.tcpPhones(), content.tcp()), progress);
            if (content.switchedOff() > 0) {
                var off = phones(udp, "off", content.switchedOff(), content.udp());
                register(off, progress);
                off.unregister();
            }
        }
    }

    private PhoneFleet phones(Hop core, String prefix, int count, IntFunction<PhoneScript> script)
            throws IOException {
        var fleet =
                PhoneFleet.builder(core, DOMAIN)
                        .prefix(prefix)
                        .count(count)
                        .phonesPerSocket(1)
                        .script(script)
                        .start();
        fleets.add(fleet);
        return fleet;
    }

    private static void register(PhoneFleet fleet, Progress progress) throws InterruptedException {
        progress.stepBy(fleet.register(HOUR).registered());
    }

    private void note(Uri phone, Disposition now) {
        if (now == Disposition.DELIVERED || now == Disposition.DISPLAYED) {
            delivered.add(phone.canonical());
        }
        if (now == Disposition.DISPLAYED) {
            displayed.add(phone.canonical());
        }
    }

    private boolean send(CpmClient alice, DemoContent content)
            throws InterruptedException, CommandFailure {
        List<Uri> recipients = new ArrayList<>();
        fleets.forEach(fleet -> recipients.addAll(fleet.uris()));
        var message =
                content.message()
                        .toMany(recipients)
                        .requesting(
                                DispositionNotification.POSITIVE_DELIVERY,
                                DispositionNotification.DISPLAY)
                        .build();
        long began = System.nanoTime();
        var result = sent(alice, message);
        long answered = (System.nanoTime() - began) / 1_000_000;
        awaitReports(recipients.size() - content.switchedOff() - content.failing());
        return show(result, answered);
    }

    private SendResult sent(CpmClient alice, OutgoingMessage message) throws InterruptedException {
        try (var progress = new TransferProgress(new Events(out, false), true)) {
            return alice.begin(message, progress).await();
        }
    }

    private void awaitReports(int expected) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try (var progress = Progress.of(out, "messages displayed", expected)) {
            while (displayed.size() < expected && System.nanoTime() < end) {
                progress.stepTo(displayed.size());
                Thread.sleep(Duration.ofMillis(10));
            }
            progress.stepTo(displayed.size());
        }
    }

    private boolean show(SendResult result, long answeredMillis) throws CommandFailure {
        var admin =
                new AdminClient("127.0.0.1:" + server.adminAddress().orElseThrow().getPort(), "");
        var id = AdminClient.encode(result.contributionId().toString());
        var rows = admin.get("/v1/messages/" + id + "/recipients?limit=1000").get("recipients");
        say("");
        table(rows).forEach((line, count) -> say("  %4d  %s".formatted(count, line)));
        say("  %4d  displayed (said by the phones' own reports)".formatted(displayed.size()));
        say("");
        say(
                "first recipient after %d ms, last after %d ms; %d to the sender after %d ms"
                        .formatted(first(rows), last(rows), result.status(), answeredMillis));
        boolean recorded = store == null || store.show(result, this::say);
        return result.isSuccess() && displayed.size() == count(rows, "delivered") && recorded;
    }

    /// How many phones ended in each way.
    private static Map<String, Integer> table(JsonNode rows) {
        var table = new TreeMap<String, Integer>();
        for (var row : rows) {
            var outcome = row.get("outcome").asString();
            var why =
                    outcome.equals("delivered")
                            ? ""
                            : ": "
                                    + row.get("sipStatus").asString()
                                    + " "
                                    + row.get("reason").asString("");
            table.merge(outcome + why, 1, Integer::sum);
        }
        return table;
    }

    private static int count(JsonNode rows, String outcome) {
        int count = 0;
        for (var row : rows) {
            count += row.get("outcome").asString().equals(outcome) ? 1 : 0;
        }
        return count;
    }

    private static long first(JsonNode rows) {
        return millis(rows).stream().min(Long::compare).orElse(0L);
    }

    private static long last(JsonNode rows) {
        return millis(rows).stream().max(Long::compare).orElse(0L);
    }

    /// From accept to the answer of each phone that took it.
    private static List<Long> millis(JsonNode rows) {
        var all = new ArrayList<Long>();
        for (var row : rows) {
            if (row.get("outcome").asString().equals("delivered")) {
                var accepted = Instant.parse(row.get("accepted").asString());
                all.add(
                        Duration.between(accepted, Instant.parse(row.get("ended").asString()))
                                .toMillis());
            }
        }
        return all;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public void close() {
        fleets.forEach(PhoneFleet::close);
        server.close();
    }
}
