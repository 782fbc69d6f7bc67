package org.fanfare.cli;

import org.fanfare.cli.lint.Kind;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/// Judges files; prints one line for each.
@Command(
        name = "lint",
        description = {
            "Judge SIP, MSRP, CPIM, IMDN, SDP and resource-lists octets, and say what is wrong"
                    + " where.",
            "Prints FILE, valid or invalid, and the reason, separated by tabs; exit status 0 when"
                    + " all are valid, else 1."
        })
final class LintCommand implements Callable<Integer> {

    /// No message that anybody takes is longer, and a device that never ends is no message.
    private static final int MOST_OCTETS = 64 << 20;

    @Spec private CommandSpec spec;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            converter = KindConverter.class,
            description =
                    "sip, sip-stream, msrp, cpim, imdn, resource-lists, sdp; told from the octets"
                            + " unless given.")
    private Optional<Kind> kind = Optional.empty();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "What to judge.")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        var allValid = true;
        for (var file : files) {
            var line = judge(file);
            out.println(Printable.cut(file.toString(), Integer.MAX_VALUE) + "\t" + line);
            allValid &= line.startsWith("valid");
        }
        out.flush();
        return allValid ? ExitStatus.DONE : ExitStatus.FAILED_FOR_ALL;
    }

    private String judge(Path file) {
        try (var in = Files.newInputStream(file)) {
            var octets = Octets.of(in.readNBytes(MOST_OCTETS + 1));
            if (octets.length() > MOST_OCTETS) {
                return "invalid\tfile: expected at most " + MOST_OCTETS + " octets, found more";
            }
            return kind.orElseGet(() -> Kind.of(octets)).judge(octets, Limits.DEFAULT).line();
        } catch (IOException e) {
            return "invalid\tcannot be read: " + e.getMessage();
        }
    }

    private static final class KindConverter implements picocli.CommandLine.ITypeConverter<Kind> {
        @Override
        public Kind convert(String word) {
            return Arrays.stream(Kind.values())
                    .filter(kind -> kind.toString().equals(word))
                    .findAny()
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "expected one of " + words() + ", found " + word));
        }

        private static String words() {
            return Arrays.stream(Kind.values())
                    .map(Kind::toString)
                    .collect(Collectors.joining(", "));
        }
    }
}
