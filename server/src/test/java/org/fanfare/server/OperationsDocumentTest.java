package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The reference of all keys in docs/operations.md says what the server does. With
/// `-Dfanfare.write-docs` it is written instead.
class OperationsDocumentTest {

    private static final Path DOCUMENT = Path.of("../docs/operations.md");
    private static final String BEGIN = "<!-- keys: made from fanfare.yaml -->\n";
    private static final String END = "<!-- end of keys -->\n";

    private static final Pattern KEY = Pattern.compile("( *)([a-z0-9-]+):(?: (.*?))?(?: *# (.*))?");

    @Test
    void theReferenceOfKeysIsThatOfTheServer() throws IOException {
        var document = Files.readString(DOCUMENT);
        var expected =
                document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
                        + table()
                        + document.substring(document.indexOf(END));
        if (System.getProperty("fanfare.write-docs") != null) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(document).isEqualTo(expected);
    }

    private static String table() {
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
