package org.fanfare.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The known keys, and which of them somebody probably meant.
public final class Keys {

    private Keys() {}

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Every key below `mapping`, sections too, from the root.
    static List<String> all(Node.Mapping mapping) {
        var keys = new ArrayList<String>();
        collect(mapping, "", keys);
        return keys;
    }

    private static void collect(Node.Mapping mapping, String path, List<String> keys) {
        mapping.values()
                .forEach((name, value) -> {
                    var key = join(path, name);
                    keys.add(key);
                    if (value instanceof Node.Mapping section) {
                        collect(section, key, keys);
                    }
                });
    }

    /// The known key with the least edit distance, either as it is written or as if only its
    /// section were wrong.
    static String nearest(String key, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
                .orElse("");
    }

    private static int distance(String key, String candidate) {
        return Math.min(
                2 * editDistance(key, candidate),
                2 * editDistance(lastPart(key), lastPart(candidate)) + 1);
    }

    private static String lastPart(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /// Levenshtein: how many characters to insert, remove or replace.
    public static int editDistance(String a, String b) {
        var previous = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var current = new int[b.length() + 1];
            current[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
