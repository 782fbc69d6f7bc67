import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Formats every Java source of the project in place, or with `--check` only says which ones differ
/// and fails. Run by `./format` and by `mvn verify`.
class Format {

    public static void main(String[] args) throws IOException {
        var arguments = new ArrayList<String>(List.of("--aosp"));
        arguments.addAll(
                List.of(args).contains("--check")
                        ? List.of("--dry-run", "--set-exit-if-changed")
                        : List.of("--replace"));
        for (var module : List.of("build", "protocol", "client", "server", "cli")) {
            arguments.addAll(sources(Path.of(module)));
        }
        Main.main(arguments.toArray(String[]::new));
    }

    private static List<String> sources(Path module) throws IOException {
        var root = module.endsWith("build") ? module : module.resolve("src");
        try (var files = Files.walk(root)) {
            return files.map(Path::toString).filter(name -> name.endsWith(".java")).toList();
        }
    }
}
