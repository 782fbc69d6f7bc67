package org.fanfare.sip;

import org.fanfare.sip.FieldGrammar.Occurs;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.ArrayList;
import java.util.List;

/// Looks at every header field of a message at once, before anything is done with it. The parser
/// has taken care of framing; here is everything else that makes a message malformed (RFC 3261 7.3,
/// 8.1.1, 20; RFC 4475).
public final class MessageRules {

    private static final List<FieldGrammar<?>> MANDATORY =
            List.of(Fields.VIA, Fields.FROM, Fields.TO, Fields.CALL_ID, Fields.CSEQ);

    private final SipMessage message;
    private final Head head;
    private final Limits limits;

    private MessageRules(SipMessage message, Limits limits) {
        this.message = message;
        this.head = message.headers().head();
        this.limits = limits;
    }

    /// Refuses the request if any field that is understood here breaks its grammar, is there too
    /// often or is missing; or if an unknown one has octets that are no text.
    ///
    /// @throws MalformedSip with the answer to give; the connection need not be closed
    public static void check(SipRequest request, Limits limits) {
        check((SipMessage) request, limits);
    }

    /// As for requests; a response that breaks the rules is to be dropped.
    ///
    /// @throws MalformedSip without an answer
    public static void check(SipResponse response, Limits limits) {
        check((SipMessage) response, limits);
    }

    /// As the other two.
    ///
    /// @throws MalformedSip with an answer when it was a request
    public static void check(SipMessage message, Limits limits) {
        try {
            new MessageRules(message, limits).checkAll();
        } catch (MalformedMessage fault) {
            throw new MalformedSip(fault, message instanceof SipRequest r ? r : null, false);
        }
    }

    /// What is malformed but no reason to refuse the message: it is taken for missing. Only Date is
    /// so (RFC 4475 3.1.2.12).
    public static List<MalformedMessage> ignored(SipMessage message) {
        try {
            var _ = message.headers().read(Fields.DATE);
            return List.of();
        } catch (MalformedMessage fault) {
            return List.of(fault);
        }
    }

    private void checkAll() {
        int broken = Utf8.firstFault(head.array, head.start, head.startLineEnd());
        if (broken >= 0) {
            throw new MalformedMessage(
                    "start line: expected UTF-8, found something else",
                    broken - head.start,
                    "RFC 3261 25.1");
        }
        for (int field = 0; field < head.count(); field++) {
            checkText(field);
        }
        for (var grammar : MANDATORY) {
            if (find(grammar, 0) < 0) {
                throw Headers.missing(grammar);
            }
        }
        for (int field = 0; field < head.count(); field++) {
            checkField(field);
        }
        if (message instanceof SipRequest request) {
            checkRequestUri(request);
            checkMethod(request);
        }
    }

    private int find(FieldGrammar<?> grammar, int from) {
        return head.find(grammar.name(), grammar.compact(), from);
    }

    /// UTF-8 in which control octets stand only behind a backslash (RFC 3261 25.1 TEXT-UTF8,
    /// quoted-pair). Where quotes mean something the grammar of the field looks once more.
    private void checkText(int field) {
        int to = head.valueEnd(field);
        for (int at = head.valueStart(field); at < to; at++) {
            byte octet = head.array[at];
            if (octet < 0) {
                checkUtf8(field, at, to);
                at = lastForeign(at, to);
            } else if (Cursor.isControl(octet) && !isLineEnd(octet) && !isEscaped(field, at)) {
                throw cursor(field, "RFC 3261 25.1").fault(at, "expected no control octet");
            }
        }
    }

    private void checkUtf8(int field, int from, int to) {
        int broken = Utf8.firstFault(head.array, from, lastForeign(from, to) + 1);
        if (broken >= 0) {
            throw cursor(field, "RFC 3261 25.1")
                    .fault(broken, "expected UTF-8, found something else");
        }
    }

    /// The last octet of the run of those above 127 that begins at `from`.
    private int lastForeign(int from, int to) {
        int at = from;
        while (at + 1 < to && head.array[at + 1] < 0) {
            at++;
        }
        return at;
    }

    /// The parser has seen to it that these are folds.
    private static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }

    private boolean isEscaped(int field, int at) {
        return at > head.valueStart(field) && head.array[at - 1] == '\\';
    }

    private Cursor cursor(int field, String section) {
        var headers = message.headers();
        return headers.cursor(field, headers.field(field).longName(), section);
    }

    private void checkField(int field) {
        var grammar = Fields.of(head, field);
        if (grammar == null) {
            checkUnknown(field);
        } else if (find(grammar, 0) == field) {
            checkAllOf(grammar, field);
        }
    }

    /// The text of an unknown field may have no control octets at all.
    private void checkUnknown(int field) {
        var cursor = cursor(field, "RFC 3261 25.1");
        cursor.skipText();
        cursor.expectEnd();
    }

    private void checkAllOf(FieldGrammar<?> grammar, int first) {
        if (grammar.equals(Fields.DATE)) {
            return;
        }
        int max = grammar.equals(Fields.VIA) ? limits.vias() : limits.fieldValues();
        var values = new ArrayList<Object>(4);
        for (int field = first; field >= 0; field = find(grammar, field + 1)) {
            message.headers().readLine(field, grammar, limits, values);
            if (values.size() > max) {
                throw cursor(field, grammar.section())
                        .fault(
                                head.nameStart(field),
                                "expected at most " + max + " values, found more");
            }
            if (grammar.occurs() == Occurs.ONCE && field != first) {
                checkSame(grammar, first, field);
            }
        }
    }

    /// A field that may be there once may come a second time under its other name, long or compact,
    /// if the value is the same.
    private void checkSame(FieldGrammar<?> grammar, int first, int again) {
        var cursor = message.headers().cursor(again, grammar.name(), "RFC 3261 7.3.1");
        boolean otherName = nameLength(first) != nameLength(again);
        if (!otherName) {
            throw cursor.fault(head.nameStart(again), "expected one, found two");
        }
        var headers = message.headers();
        if (!headers.field(first).value().equals(headers.field(again).value())) {
            throw cursor.fault(
                    head.nameStart(again),
                    "expected one, found two that differ, one of them compact");
        }
    }

    private int nameLength(int field) {
        return head.nameEnd(field) - head.nameStart(field);
    }

    private void checkRequestUri(SipRequest request) {
        var uri = request.readRequestUri(limits);
        if (uri instanceof SipUri sip && !sip.headers().isEmpty()) {
            throw new MalformedMessage(
                    "Request-URI: expected no header fields in it, found some",
                    0,
                    "RFC 3261 19.1.1");
        }
    }

    private void checkMethod(SipRequest request) {
        int field = find(Fields.CSEQ, 0);
        if (!request.cseq().method().equals(request.method())) {
            throw cursor(field, "RFC 3261 8.1.1.5")
                    .fault(
                            head.valueStart(field),
                            "expected the method of the request line, found another");
        }
    }
}
