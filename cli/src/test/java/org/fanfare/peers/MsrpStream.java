package org.fanfare.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The MSRP messages of one direction of a connection, read by the grammar of RFC 4975 9 without
/// any code of ours, and strictly: what does not fit is an error.
final class MsrpStream {

    /// One request or response.
    ///
    /// @param content an octet a character
    /// @param flag of the end line: `$`, `+` or `#`
    record Frame(
            String startLine,
            String transaction,
            Map<String, String> fields,
            String content,
            char flag) {

        boolean isSend() {
            return startLine.endsWith(" SEND");
        }

        Optional<String> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }
    }

    private final InputStream in;

    MsrpStream(InputStream in) {
        this.in = in;
    }

    /// The next one; empty at the end of the stream.
    Optional<Frame> next() throws IOException {
        var start = line();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        var words = start.get().split(" ", 3);
        if (words.length < 3 || !words[0].equals("MSRP") || !words[1].matches("[\\w.+%=-]{4,32}")) {
            throw new IOException("start line: " + start.get());
        }
        var fields = new LinkedHashMap<String, String>();
        var end = "-------" + words[1];
        for (var line = rest(); !line.isEmpty(); line = rest()) {
            if (line.startsWith(end)) {
                return Optional.of(
                        new Frame(start.get(), words[1], checked(fields), "", flag(line, end)));
            }
            int colon = line.indexOf(": ");
            if (colon < 1
                    || fields.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
                throw new IOException("header field: " + line);
            }
        }
        var content = content("\r\n" + end);
        return Optional.of(
                new Frame(
                        start.get(), words[1], checked(fields), content, flag(end + rest(), end)));
    }

    private static Map<String, String> checked(Map<String, String> fields) throws IOException {
        var first = fields.keySet().stream().limit(2).toList();
        if (!Arrays.asList("To-Path", "From-Path").equals(first)) {
            throw new IOException("header fields begin with " + first);
        }
        return fields;
    }

    private static char flag(String line, String end) throws IOException {
        var flag = line.substring(end.length());
        if (!flag.matches("[$+#]")) {
            throw new IOException("end line: " + line);
        }
        return flag.charAt(0);
    }

    private String content(String end) throws IOException {
        var octets = new ByteArrayOutputStream();
        var last = end.getBytes(StandardCharsets.US_ASCII);
        int matched = 0;
        while (matched < last.length) {
            int octet = in.read();
            if (octet < 0) {
                throw new IOException("the stream ends in content");
            }
            octets.write(octet);
            if (octet == last[matched]) {
                matched++;
            } else {
                matched = octet == last[0] ? 1 : 0; // CR occurs in an end line once, at its start
            }
        }
        var all = octets.toString(StandardCharsets.ISO_8859_1);
        return all.substring(0, all.length() - last.length);
    }

    private String rest() throws IOException {
        return line().orElseThrow(() -> new IOException("the stream ends in a message"));
    }

    private Optional<String> line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet != '\n'; octet = in.read()) {
            if (octet < 0) {
                if (line.size() > 0) {
                    throw new IOException("the stream ends in a line: " + line);
                }
                return Optional.empty();
            }
            line.write(octet);
        }
        var text = line.toString(StandardCharsets.UTF_8);
        if (!text.endsWith("\r")) {
            throw new IOException("a line without CR: " + text);
        }
        return Optional.of(text.substring(0, text.length() - 1));
    }
}
