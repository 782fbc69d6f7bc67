package org.fanfare.sip;

import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

/// Takes out of a malformed request what an answer needs.
final class Salvage {

    private static final int MAX_LINES = 300;

    private Salvage() {}

    /// The request as far as it can be read, or null when it is a response or no SIP at all. Lines
    /// that are not header fields, or have control octets, are left out.
    static @Nullable SipRequest request(byte[] array, int start, int end) {
        int lineEnd = lineEnd(array, start, end);
        int methodEnd = start;
        while (methodEnd < lineEnd && Cursor.isTokenOctet(array[methodEnd])) {
            methodEnd++;
        }
        int version = StartLine.versionFrom(array, start, lineEnd);
        if (methodEnd == start || version <= methodEnd || array[methodEnd] != ' ') {
            return null;
        }
        var method = Method.of(array, start, methodEnd);
        var head = head(array, start, lineEnd, end);
        return new SipRequest(
                method,
                Math.min(methodEnd + 1, version),
                version,
                new Headers(head),
                Octets.EMPTY,
                head.headEnd());
    }

    /// The index of the next CR LF, or the end. A CR or LF by itself ends no line here: what stands
    /// behind it must not become a field of its own.
    private static int lineEnd(byte[] array, int from, int end) {
        int at = from;
        while (at < end && !isLineEnd(array, at, end)) {
            at++;
        }
        return at;
    }

    private static boolean isLineEnd(byte[] array, int at, int end) {
        return array[at] == '\r' && at + 1 < end && array[at + 1] == '\n';
    }

    private static Head head(byte[] array, int start, int startLineEnd, int end) {
        var head = new Head(array, start, end, 8, Limits.DEFAULT);
        int at = startLineEnd;
        for (int lines = 0; lines < MAX_LINES && at < end; lines++) {
            int line = at + 2;
            at = lineEnd(array, line, end);
            while (at + 2 < end && isBlank(array[at + 2])) {
                at = lineEnd(array, at + 2, end);
            }
            if (at <= line) {
                break;
            }
            putField(head, line, at);
        }
        head.finish(startLineEnd, Math.min(at, end));
        return head;
    }

    private static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    private static void putField(Head head, int line, int end) {
        int nameEnd = line;
        while (nameEnd < end && Cursor.isTokenOctet(head.array[nameEnd])) {
            nameEnd++;
        }
        int colon = nameEnd;
        while (colon < end && isBlank(head.array[colon])) {
            colon++;
        }
        if (nameEnd == line || colon >= end || head.array[colon] != ':') {
            return;
        }
        if (isClean(head.array, colon, end)) {
            int value = colon + 1;
            while (value < end && head.array[value] <= ' ' && head.array[value] >= 0) {
                value++;
            }
            head.putUnread(line, nameEnd, value, end);
        } else {
            head.putUnread(line, nameEnd, end, end);
            keepOnlyVia(head);
        }
    }

    /// A Via that is left out must be missed: the answer would go astray without it.
    private static void keepOnlyVia(Head head) {
        int last = head.count() - 1;
        if (!head.isNamed(last, HeaderName.VIA, Fields.VIA.compact())) {
            head.removeLast();
        }
    }

    /// Nothing but text, tabs and folds: an answer must not carry on what broke the request.
    private static boolean isClean(byte[] array, int from, int end) {
        for (int i = from; i < end; i++) {
            byte octet = array[i];
            boolean control = (octet >= 0 && octet < ' ') || octet == 0x7f;
            if (octet == '\r' && isLineEnd(array, i, end)) {
                i++;
            } else if (control && octet != '\t') {
                return false;
            }
        }
        return Utf8.firstFault(array, from, end) < 0;
    }

    /// Without state, and not larger than the request if it can be, so that nobody is flooded
    /// through us: the tag of To is the same for each retransmission (RFC 3261 8.2.7).
    static @Nullable SipResponse answer(SipRequest request, MalformedMessage fault) {
        if (request.method().equals(Method.ACK) || !isViaUsable(request)) {
            return null;
        }
        var detailed = answer(request, fault.sipStatus(), phrase(fault));
        return detailed.encoded().length() <= request.encoded().length()
                ? detailed
                : answer(request, fault.sipStatus(), StatusCode.reasonPhrase(fault.sipStatus()));
    }

    private static SipResponse answer(SipRequest request, int status, String phrase) {
        var answer = request.answer(status, phrase);
        if (isAddress(request.headers())) {
            answer.toTag("%08x".formatted(request.encoded().hashCode()));
        }
        return answer.build();
    }

    private static boolean isAddress(Headers headers) {
        var to = headers.first(HeaderName.TO);
        try {
            return to.isPresent() && NameAddress.parse(to.get()).tag().isEmpty();
        } catch (MalformedMessage _) {
            return false;
        }
    }

    /// A 400 names the trouble (RFC 3261 21.4.1).
    private static String phrase(MalformedMessage fault) {
        return fault.sipStatus() == StatusCode.BAD_REQUEST
                ? "Bad Request - " + fault.reason()
                : StatusCode.reasonPhrase(fault.sipStatus());
    }

    private static boolean isViaUsable(SipRequest request) {
        var headers = request.headers();
        int field = headers.head().find(HeaderName.VIA, Fields.VIA.compact(), 0);
        return field >= 0
                && headers.all(HeaderName.VIA).stream().noneMatch(String::isEmpty)
                && Via.isUsable(headers.cursor(field, HeaderName.VIA, Fields.VIA.section()));
    }

    static MalformedSip of(
            MalformedMessage fault, byte[] array, int start, int end, boolean closeStream) {
        return new MalformedSip(fault, request(array, start, end), closeStream);
    }
}
