import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Formats every Java source of the project in place, or with `--check` only says which ones differ
/// and fails. Run by `./format` and by `mvn verify`.
class Format {

    private static final List<String> FOLDERS =
            List.of("build", "protocol/src", "client/src", "server/src", "cli/src");

    public static void main(String[] options) throws IOException {
        var arguments = new ArrayList<String>(List.of("--aosp"));
        if (List.of(options).contains("--check")) {
            arguments.addAll(List.of("--dry-run", "--set-exit-if-changed"));
        } else {
            arguments.add("--replace");
        }
        for (var folder : FOLDERS) {
            arguments.addAll(sources(Path.of(folder)));
        }
        Main.main(arguments.toArray(String[]::new));
    }

    private static List<String> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).filter(name -> name.endsWith(".java")).toList();
        }
    }
}
