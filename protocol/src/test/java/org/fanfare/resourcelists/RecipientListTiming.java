package org.fanfare.resourcelists;

import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

/// How long a list takes to read: run [#main], the figures go to docs/performance.md.
final class RecipientListTiming {

    private static final Limits LIMITS =
            Limits.DEFAULT.withListOctets(16 << 20).withListEntries(1_000_000);

    private RecipientListTiming() {}

    public static void main(String[] args) {
        for (int entries : new int[] {100, 1_000, 10_000, 100_000}) {
            var xml = list(entries);
            var first = millis(xml);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < 40; i++) {
                best = Math.min(best, millis(xml));
            }
            System.out.printf(
                    "%,d entries, %,d octets: first %.1f ms, best %.1f ms%n",
                    entries, xml.length(), first, best);
        }
    }

    private static double millis(Octets xml) {
        long start = System.nanoTime();
        RecipientList.parse(xml, LIMITS);
        return (System.nanoTime() - start) / 1e6;
    }

    /// As a campaign has it: numbers, all different, each with its role.
    static Octets list(int entries) {
        var xml = new StringBuilder();
        xml.append("<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'");
        xml.append(" xmlns:cp='urn:ietf:params:xml:ns:copycontrol'>\n<list>\n");
        for (int i = 0; i < entries; i++) {
            xml.append("<entry uri=\"sip:+49151").append(1_000_000 + i);
            xml.append("@home.example;user=phone\" cp:copyControl=\"to\"/>\n");
        }
        return Octets.utf8(xml.append("</list>\n</resource-lists>\n").toString());
    }
}
