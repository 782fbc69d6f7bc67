package org.fanfare.server;

import org.fanfare.sip.digest.CredentialsSource;
import org.fanfare.sip.digest.DigestAlgorithm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Users with their secrets: lines `user:password`, or `user:realm:HA1` with the hexadecimal digits
/// of MD5 or SHA-256. Empty lines and those that begin with `#` do not count.
final class UserFile implements CredentialsSource {

    private static final Pattern HASHED =
            Pattern.compile("([^:]+):([^:]+):([0-9a-fA-F]{32}|[0-9a-fA-F]{64})");

    private static final int MD5_DIGITS = 32;

    private record Key(DigestAlgorithm algorithm, String user, String realm) {}

    private final Map<String, String> passwords = new HashMap<>();
    private final Map<Key, String> hashes = new HashMap<>();

    private UserFile() {}

    /// Reads a file.
    ///
    /// @throws IOException when it cannot be read or a line is none of these; never tells a secret
    static UserFile read(Path file) throws IOException {
        var users = new UserFile();
        var number = 0;
        for (var line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#") && !users.add(line.strip())) {
                throw new IOException(
                        file + ":" + number + ": expected user:password or user:realm:HA1");
            }
        }
        return users;
    }

    private boolean add(String line) {
        var hashed = HASHED.matcher(line);
        if (hashed.matches()) {
            var ha1 = hashed.group(3).toLowerCase(Locale.ROOT);
            var algorithm =
                    ha1.length() == MD5_DIGITS ? DigestAlgorithm.MD5 : DigestAlgorithm.SHA_256;
            hashes.put(new Key(algorithm, hashed.group(1), hashed.group(2)), ha1);
            return true;
        }
        var colon = line.indexOf(':');
        if (colon <= 0 || colon == line.length() - 1) {
            return false;
        }
        passwords.put(line.substring(0, colon), line.substring(colon + 1));
        return true;
    }

    @Override
    public Optional<String> ha1(DigestAlgorithm algorithm, String user, String realm) {
        var password = passwords.get(user);
        return password != null
                ? Optional.of(algorithm.ha1(user, realm, password))
                : Optional.ofNullable(hashes.get(new Key(algorithm, user, realm)));
    }
}
