package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The tables of keys and metrics in docs/operations.md say what the server does. With
/// `-Dfanfare.write-docs` they are written instead.
class OperationsDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/operations.md");
    private static final String BEGIN = "<!-- keys: made from fanfare.yaml -->\n";
    private static final String END = "<!-- end of keys -->\n";

    private static final String BEGIN_METRICS = "<!-- metrics: made from the server -->\n";
    private static final String END_METRICS = "<!-- end of metrics -->\n";

    private static final Pattern KEY = Pattern.compile("( *)([a-z0-9-]+):(?: (.*?))?(?: *# (.*))?");

    @TempDir Path folder;

    @Test
    void theReferenceOfKeysIsThatOfTheServer() throws IOException {
        check(BEGIN, keys(), END);
    }

    @Test
    void theListOfMetricsIsThatOfTheServer() throws Exception {
        var server =
                new FanfareServer(
                        Configuration.load(
                                null,
                                List.of(
                                        "listen.sip=udp:127.0.0.1:0",
                                        "core.listen=udp:127.0.0.1:0",
                                        "listen.admin=127.0.0.1:0",
                                        "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                        "xdm.root=http://127.0.0.1:9/",
                                        "interworking.smpp.smsc=smpp://127.0.0.1:9",
                                        "policy.direct-delivery=devices",
                                        "registrations.subscribe=true",
                                        "ledger.url=\"file:" + folder + "\"")));
        try (server) {
            server.start();
            check(BEGIN_METRICS, metrics(server), END_METRICS);
        }
    }

    private static synchronized void check(String begin, String part, String end)
            throws IOException {
        var document = Files.readString(DOCUMENT);
        var expected =
                document.substring(0, document.indexOf(begin) + begin.length())
                        + part
                        + document.substring(document.indexOf(end));
        if (System.getProperty("fanfare.write-docs") != null) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(document).isEqualTo(expected);
    }

    private static String metrics(FanfareServer server) throws IOException {
        var port = server.adminAddress().orElseThrow().getPort();
        var help = new TreeMap<String, String>();
        var type = new TreeMap<String, String>();
        try (var in = URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.matches("# (HELP|TYPE) fanfare_.*"))
                    .map(line -> line.split(" ", 4))
                    .forEach(part -> (part[1].equals("HELP") ? help : type).put(part[2], part[3]));
        }
        var table = new StringBuilder("| metric | kind | |\n|---|---|---|\n");
        help.forEach((name, text) -> table.append(row(name, type.getOrDefault(name, ""), text)));
        return table.toString();
    }

    private static String row(String name, String kind, String text) {
        return "| `%s` | %s | %s |\n".formatted(name, kind, text);
    }

    private static String keys() {
        var table = new StringBuilder("| key | default | |\n|---|---|---|\n");
        var path = new ArrayList<String>();
        var above = new ArrayList<String>();
        for (var line : ConfigurationFile.defaultText().lines().toList()) {
            var key = KEY.matcher(line);
            if (line.startsWith("# ")) {
                above.add(line.substring(2));
            } else if (!key.matches()) {
                above.clear();
            } else {
                path.subList(key.group(1).length() / 2, path.size()).clear();
                path.add(key.group(2));
                var value = key.group(3);
                if (value != null && !value.isBlank()) {
                    var meaning = key.group(4) == null ? String.join(" ", above) : key.group(4);
                    table.append(row(path, value.strip(), meaning));
                }
                above.clear();
            }
        }
        return table.toString();
    }

    private static String row(List<String> path, String value, String meaning) {
        return "| `%s` | `%s` | %s |\n"
                .formatted(String.join(".", path), value, meaning.replace("|", "\\|"));
    }
}
