package org.fanfare.sip;

import org.fanfare.wire.Cursor;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The method of a request: what the sender wants done (RFC 3261 7.1). Its case counts.
public record Method(String name) {

    private static final Map<String, Method> KNOWN = new HashMap<>();

    public static final Method INVITE = known("INVITE");
    public static final Method ACK = known("ACK");
    public static final Method BYE = known("BYE");
    public static final Method CANCEL = known("CANCEL");
    public static final Method OPTIONS = known("OPTIONS");
    public static final Method REGISTER = known("REGISTER");
    public static final Method MESSAGE = known("MESSAGE");
    public static final Method SUBSCRIBE = known("SUBSCRIBE");
    public static final Method NOTIFY = known("NOTIFY");
    public static final Method PUBLISH = known("PUBLISH");
    public static final Method REFER = known("REFER");
    public static final Method INFO = known("INFO");
    public static final Method PRACK = known("PRACK");
    public static final Method UPDATE = known("UPDATE");

    private static final Method[] BY_OCTETS = KNOWN.values().toArray(Method[]::new);

    public Method {
        if (!Cursor.isToken(name)) {
            throw new IllegalArgumentException("method: not a token");
        }
    }

    private static Method known(String name) {
        var method = new Method(name);
        KNOWN.put(name, method);
        return method;
    }

    public static Method of(String name) {
        var method = KNOWN.get(name);
        return method == null ? new Method(name) : method;
    }

    /// The method whose name stands in `array[from, to)`, which must be a token.
    static Method of(byte[] array, int from, int to) {
        for (var method : BY_OCTETS) {
            if (method.isWrittenAt(array, from, to)) {
                return method;
            }
        }
        return new Method(new String(array, from, to - from, StandardCharsets.US_ASCII));
    }

    private boolean isWrittenAt(byte[] array, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (array[from + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Whether this is a method of SIP that we know of, served here or not: 405 instead of 501.
    public boolean isKnown() {
        return KNOWN.containsKey(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
