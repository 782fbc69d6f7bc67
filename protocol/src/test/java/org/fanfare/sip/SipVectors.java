package org.fanfare.sip;

import org.fanfare.testing.Vectors;
import org.fanfare.testing.Vectors.Vector;

import java.util.List;

/// The vectors of SIP.
final class SipVectors {

    private static final List<Vector> ALL = Vectors.of("sip");

    private SipVectors() {}

    static List<Vector> all() {
        return ALL;
    }

    static List<Vector> valid() {
        return ALL.stream().filter(SipVectors::isValid).toList();
    }

    static boolean isValid(Vector vector) {
        return vector.verdict() == Vectors.Verdict.VALID;
    }

    static boolean isInvalid(Vector vector) {
        return vector.verdict() == Vectors.Verdict.INVALID;
    }

    /// The octets of a file such as `sip/rfc4475/wsinv.dat`.
    static byte[] read(String file) {
        return ALL.stream()
                .filter(vector -> vector.file().equals(file))
                .findFirst()
                .orElseThrow()
                .octets()
                .toByteArray();
    }
}
