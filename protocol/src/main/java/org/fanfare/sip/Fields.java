package org.fanfare.sip;

import org.fanfare.sip.FieldGrammar.Occurs;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The grammar of every header field that is understood here (RFC 3261 20 and extensions).
final class Fields {

    /// Delta-seconds are less than 2^32 (RFC 3261 20.19).
    static final long MAX_SECONDS = (1L << 32) - 1;

    private static final List<FieldGrammar<?>> ALL = new ArrayList<>();

    static final FieldGrammar<Via> VIA = list(HeaderName.VIA, "20.42", Via::read);
    static final FieldGrammar<NameAddress> FROM = once(HeaderName.FROM, "20.20", NameAddress::read);
    static final FieldGrammar<NameAddress> TO = once(HeaderName.TO, "20.39", NameAddress::read);
    static final FieldGrammar<String> CALL_ID = once(HeaderName.CALL_ID, "20.8", Fields::callId);
    static final FieldGrammar<CSeq> CSEQ = once(HeaderName.CSEQ, "20.16", CSeq::read);
    static final FieldGrammar<Long> MAX_FORWARDS =
            once(HeaderName.MAX_FORWARDS, "20.22", number(255));
    static final FieldGrammar<Contact> CONTACT = list(HeaderName.CONTACT, "20.10", Contact::read);
    static final FieldGrammar<NameAddress> ROUTE =
            list(HeaderName.ROUTE, "20.34", Fields::bracketed);
    static final FieldGrammar<NameAddress> RECORD_ROUTE =
            list(HeaderName.RECORD_ROUTE, "20.30", Fields::bracketed);
    static final FieldGrammar<NameAddress> PATH =
            list(HeaderName.PATH, "RFC 3327 4", Fields::bracketed);
    static final FieldGrammar<NameAddress> REPLY_TO =
            once(HeaderName.REPLY_TO, "20.31", NameAddress::read);
    static final FieldGrammar<NameAddress> P_ASSERTED_IDENTITY =
            list(HeaderName.P_ASSERTED_IDENTITY, "RFC 3325 9.1", NameAddress::read);
    static final FieldGrammar<NameAddress> P_PREFERRED_IDENTITY =
            list(HeaderName.P_PREFERRED_IDENTITY, "RFC 3325 9.2", NameAddress::read);
    static final FieldGrammar<String> P_ASSERTED_SERVICE =
            list(HeaderName.P_ASSERTED_SERVICE, "RFC 6050 4.1", Fields::service);
    static final FieldGrammar<String> P_PREFERRED_SERVICE =
            list(HeaderName.P_PREFERRED_SERVICE, "RFC 6050 4.2", Fields::service);
    static final FieldGrammar<List<String>> PRIVACY =
            lines(HeaderName.PRIVACY, "RFC 3323 4.2", Fields::privacy);

    static final FieldGrammar<ContentType> CONTENT_TYPE =
            once(HeaderName.CONTENT_TYPE, "20.15", ContentType::read);
    static final FieldGrammar<Long> CONTENT_LENGTH =
            once(HeaderName.CONTENT_LENGTH, "20.14", number(Integer.MAX_VALUE));
    static final FieldGrammar<Valued> CONTENT_DISPOSITION =
            once(HeaderName.CONTENT_DISPOSITION, "20.11", Valued::read);
    static final FieldGrammar<String> CONTENT_ENCODING =
            list(HeaderName.CONTENT_ENCODING, "20.12", token("a content coding"));
    static final FieldGrammar<ContentType> ACCEPT =
            listOrEmpty(HeaderName.ACCEPT, "20.1", ContentType::read);
    static final FieldGrammar<Valued> ACCEPT_CONTACT =
            list(HeaderName.ACCEPT_CONTACT, "RFC 3841 9.2", Valued::read);

    static final FieldGrammar<String> ALLOW =
            listOrEmpty(HeaderName.ALLOW, "20.5", token("a method"));
    static final FieldGrammar<String> REQUIRE =
            list(HeaderName.REQUIRE, "20.32", token("an option tag"));
    static final FieldGrammar<String> PROXY_REQUIRE =
            list(HeaderName.PROXY_REQUIRE, "20.29", token("an option tag"));
    static final FieldGrammar<String> SUPPORTED =
            listOrEmpty(HeaderName.SUPPORTED, "20.37", token("an option tag"));
    static final FieldGrammar<String> UNSUPPORTED =
            list(HeaderName.UNSUPPORTED, "20.40", token("an option tag"));

    static final FieldGrammar<Long> EXPIRES = once(HeaderName.EXPIRES, "20.19", seconds());
    static final FieldGrammar<Long> MIN_EXPIRES = once(HeaderName.MIN_EXPIRES, "20.23", seconds());
    static final FieldGrammar<Long> MESSAGE_EXPIRES =
            once(HeaderName.MESSAGE_EXPIRES, "", seconds());
    static final FieldGrammar<Instant> DATE = once(HeaderName.DATE, "20.17", SipDate::read);
    static final FieldGrammar<RetryAfter> RETRY_AFTER =
            once(HeaderName.RETRY_AFTER, "20.33", RetryAfter::read);
    static final FieldGrammar<Interval> SESSION_EXPIRES =
            once(HeaderName.SESSION_EXPIRES, "RFC 4028 4", Interval::read);
    static final FieldGrammar<Interval> MIN_SE =
            once(HeaderName.MIN_SE, "RFC 4028 5", Interval::read);
    static final FieldGrammar<Long> MAX_BREADTH =
            once(HeaderName.MAX_BREADTH, "RFC 5393 5.3.3", number(Integer.MAX_VALUE));

    static final FieldGrammar<Warning> WARNING = list(HeaderName.WARNING, "20.43", Warning::read);
    static final FieldGrammar<Valued> REASON = list(HeaderName.REASON, "RFC 3326 2", Valued::read);
    static final FieldGrammar<Valued> EVENT =
            once(HeaderName.EVENT, "RFC 6665 8.2.1", Valued::read);
    static final FieldGrammar<Valued> SUBSCRIPTION_STATE =
            once(HeaderName.SUBSCRIPTION_STATE, "RFC 6665 8.2.3", Valued::read);
    static final FieldGrammar<Credentials> WWW_AUTHENTICATE =
            lines(HeaderName.WWW_AUTHENTICATE, "20.44", Credentials::read);
    static final FieldGrammar<Credentials> PROXY_AUTHENTICATE =
            lines(HeaderName.PROXY_AUTHENTICATE, "20.27", Credentials::read);
    static final FieldGrammar<Credentials> AUTHORIZATION =
            lines(HeaderName.AUTHORIZATION, "20.7", Credentials::read);
    static final FieldGrammar<Credentials> PROXY_AUTHORIZATION =
            lines(HeaderName.PROXY_AUTHORIZATION, "20.28", Credentials::read);

    static final FieldGrammar<String> SUBJECT = once(HeaderName.SUBJECT, "20.36", Fields::text);
    static final FieldGrammar<String> USER_AGENT =
            once(HeaderName.USER_AGENT, "20.41", Fields::text);
    static final FieldGrammar<String> SERVER = once(HeaderName.SERVER, "20.35", Fields::text);
    static final FieldGrammar<String> CONVERSATION_ID =
            once(HeaderName.CONVERSATION_ID, "", token("a conversation identity"));
    static final FieldGrammar<String> CONTRIBUTION_ID =
            once(HeaderName.CONTRIBUTION_ID, "", token("a contribution identity"));
    static final FieldGrammar<String> IN_REPLY_TO_CONTRIBUTION_ID =
            once(HeaderName.IN_REPLY_TO_CONTRIBUTION_ID, "", token("a contribution identity"));
    static final FieldGrammar<String> MESSAGE_UID =
            once(HeaderName.MESSAGE_UID, "", token("an identifier"));

    private static final int LONGEST = 64;
    private static final FieldGrammar<?>[][] BY_LENGTH = byLength();
    private static final FieldGrammar<?>[] COMPACT =
            ALL.stream().filter(g -> g.compact() != 0).toArray(FieldGrammar<?>[]::new);

    private Fields() {}

    private static FieldGrammar<?>[][] byLength() {
        var table = new FieldGrammar<?>[LONGEST + 1][];
        for (int length = 0; length <= LONGEST; length++) {
            int wanted = length;
            table[length] =
                    ALL.stream()
                            .filter(grammar -> grammar.name().length() == wanted)
                            .toArray(FieldGrammar<?>[]::new);
        }
        return table;
    }

    /// The grammar of a field of a message, or null when its name means nothing here.
    static @Nullable FieldGrammar<?> of(Head head, int field) {
        int length = head.nameEnd(field) - head.nameStart(field);
        for (var grammar : length == 1 ? COMPACT : BY_LENGTH[Math.min(length, LONGEST)]) {
            if (head.isNamed(field, grammar.name(), grammar.compact())) {
                return grammar;
            }
        }
        return null;
    }

    private static <T> FieldGrammar<T> once(
            String name, String section, FieldGrammar.Reader<T> reader) {
        return add(name, section, Occurs.ONCE, reader);
    }

    private static <T> FieldGrammar<T> list(
            String name, String section, FieldGrammar.Reader<T> reader) {
        return add(name, section, Occurs.LIST, reader);
    }

    private static <T> FieldGrammar<T> listOrEmpty(
            String name, String section, FieldGrammar.Reader<T> reader) {
        return add(name, section, Occurs.LIST_OR_EMPTY, reader);
    }

    private static <T> FieldGrammar<T> lines(
            String name, String section, FieldGrammar.Reader<T> reader) {
        return add(name, section, Occurs.LINES, reader);
    }

    private static <T> FieldGrammar<T> add(
            String name, String section, Occurs occurs, FieldGrammar.Reader<T> reader) {
        var full = section.startsWith("2") ? "RFC 3261 " + section : section;
        var grammar = FieldGrammar.of(name, full, occurs, reader);
        ALL.add(grammar);
        return grammar;
    }

    private static FieldGrammar.Reader<Long> number(long max) {
        return (cursor, limits) -> cursor.expectNumber("a number", max);
    }

    private static FieldGrammar.Reader<Long> seconds() {
        return (cursor, limits) -> cursor.expectNumber("seconds", MAX_SECONDS);
    }

    private static FieldGrammar.Reader<String> token(String what) {
        return (cursor, limits) -> cursor.expectToken(what);
    }

    private static String text(Cursor cursor, Limits limits) {
        int from = cursor.position();
        cursor.skipText();
        return cursor.unfolded(from);
    }

    private static NameAddress bracketed(Cursor cursor, Limits limits) {
        int from = cursor.position();
        var address = NameAddress.read(cursor, limits);
        if (cursor.text(from, cursor.position()).indexOf('<') < 0) {
            throw cursor.fault(from, "expected brackets around the URI");
        }
        return address;
    }

    private static String callId(Cursor cursor, Limits limits) {
        int from = cursor.position();
        expectWord(cursor);
        if (cursor.accept('@')) {
            expectWord(cursor);
        }
        return cursor.textFrom(from);
    }

    private static void expectWord(Cursor cursor) {
        int from = cursor.position();
        while (isWordOctet(cursor.peek())) {
            cursor.advance();
        }
        if (cursor.position() == from) {
            throw cursor.expected("a word");
        }
    }

    private static boolean isWordOctet(int octet) {
        return octet > 0
                && octet < 128
                && (Cursor.isTokenOctet((byte) octet) || "()<>:\\\"/[]?{}".indexOf(octet) >= 0);
    }

    private static String service(Cursor cursor, Limits limits) {
        int from = cursor.position();
        while (!cursor.atEnd() && cursor.peek() > ' ' && cursor.peek() != ',') {
            cursor.advance();
        }
        var uri =
                Uri.read(
                        Cursor.over(cursor.textFrom(from), cursor.field(), cursor.section()),
                        limits);
        return uri.toString();
    }

    private static List<String> privacy(Cursor cursor, Limits limits) {
        var values = new ArrayList<String>(2);
        do {
            values.add(cursor.expectToken("a kind of privacy").toLowerCase(Locale.ROOT));
        } while (cursor.acceptSeparator(';') || cursor.acceptSeparator(','));
        return values;
    }
}
