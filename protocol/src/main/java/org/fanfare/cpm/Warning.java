package org.fanfare.cpm;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Printable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One value of the Warning field (RFC 3261 20.43). Reading takes what servers send: the number of
/// CPM as the code or in the text, with and without agent.
///
/// @param code 399 where the text says more
/// @param agent who warns; empty when not told
/// @param text without quotes
public record Warning(int code, String agent, String text) {

    public static final int MISCELLANEOUS = 399;

    private static final int MAX_VALUES = 16;
    private static final int MAX_FIELD = 2048;

    /// Possessive throughout, so that no input makes it try again.
    private static final Pattern VALUE =
            Pattern.compile(
                    "\\s*+(\\d{3})\\s++(?:([^\\s\",]++)\\s++)?+\"((?:[^\"\\\\]|\\\\.)*+)\"");

    private static final Pattern NUMBERED = Pattern.compile("(\\d{3})\\s++(.*+)", Pattern.DOTALL);

    /// All values that can be read, in order; the rest is passed over, as a warning is no reason to
    /// fail.
    public static List<Warning> parse(Collection<String> fieldValues) {
        var warnings = new ArrayList<Warning>();
        for (var field : fieldValues) {
            var matcher =
                    VALUE.matcher(
                            field.length() > MAX_FIELD ? field.substring(0, MAX_FIELD) : field);
            while (warnings.size() < MAX_VALUES && matcher.find()) {
                var agent = Optional.ofNullable(matcher.group(2)).orElse("");
                if (agent.isEmpty()) {
                    Leniency.WARNING_WITHOUT_AGENT.taken();
                }
                warnings.add(
                        new Warning(
                                Integer.parseInt(matcher.group(1)),
                                agent,
                                matcher.group(3).replaceAll("\\\\(.)", "$1")));
            }
        }
        return List.copyOf(warnings);
    }

    /// The first one that CPM knows.
    public static Optional<CpmWarning> firstKnown(Collection<String> fieldValues) {
        return parse(fieldValues).stream().flatMap(warning -> warning.known().stream()).findFirst();
    }

    /// The number that counts: the one in the text after a 399, else the code.
    public int number() {
        var numbered = NUMBERED.matcher(text);
        return code == MISCELLANEOUS && numbered.matches()
                ? Integer.parseInt(numbered.group(1))
                : code;
    }

    /// The text without its number.
    public String words() {
        var numbered = NUMBERED.matcher(text);
        return numbered.matches() ? numbered.group(2).strip() : text.strip();
    }

    public Optional<CpmWarning> known() {
        return CpmWarning.ofNumber(number()).or(() -> CpmWarning.ofWords(words()));
    }

    @Override
    public String toString() {
        var quoted = Printable.cut(text, 200).replace("\\", "\\\\").replace("\"", "\\\"");
        return code + " " + agent + " \"" + quoted + "\"";
    }
}
