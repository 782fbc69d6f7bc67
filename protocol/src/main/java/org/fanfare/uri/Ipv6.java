package org.fanfare.uri;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// One spelling for each IPv6 address.
final class Ipv6 {

    private Ipv6() {}

    /// Eight groups in hexadecimal without leading zeros; `valid` must be an IPv6 address.
    static String canonical(String valid) {
        var text = valid.replace(":::", "::");
        int gap = text.indexOf("::");
        if (gap < 0) {
            return String.join(":", groups(text));
        }
        var groups = groups(text.substring(0, gap));
        var after = groups(text.substring(gap + 2));
        groups.addAll(Collections.nCopies(8 - groups.size() - after.size(), "0"));
        groups.addAll(after);
        return String.join(":", groups);
    }

    private static List<String> groups(String text) {
        var groups = new ArrayList<String>();
        if (text.isEmpty()) {
            return groups;
        }
        for (var part : text.split(":", -1)) {
            if (part.contains(".")) {
                addIpv4(groups, part.split("\\.", -1));
            } else {
                groups.add(Integer.toHexString(Integer.parseInt(part, 16)));
            }
        }
        return groups;
    }

    private static void addIpv4(List<String> groups, String[] bytes) {
        for (int i = 0; i < 4; i += 2) {
            int group = Integer.parseInt(bytes[i]) << 8 | Integer.parseInt(bytes[i + 1]);
            groups.add(Integer.toHexString(group));
        }
    }
}
