package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Dates as SIP writes them, in GMT and nothing else: `Sat, 13 Nov 2010 23:29:00 GMT` (RFC 3261
/// 20.17).
public final class SipDate {

    private static final List<String> DAYS =
            List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

    private SipDate() {}

    public static String format(Instant instant) {
        return FORMAT.format(instant.atOffset(ZoneOffset.UTC));
    }

    public static Instant parse(String text) {
        var cursor = Cursor.over(text, HeaderName.DATE, "RFC 3261 20.17");
        var date = read(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return date;
    }

    /// The name of the day need not fit the date.
    static Instant read(Cursor cursor, Limits limits) {
        int from = cursor.position();
        expectOneOf(cursor, DAYS, "the name of a day");
        cursor.expect(',', "after the day");
        cursor.expect(' ', "after the comma");
        int day = digits(cursor, 2);
        cursor.expect(' ', "after the day");
        int month = expectOneOf(cursor, MONTHS, "the name of a month") + 1;
        cursor.expect(' ', "after the month");
        int year = digits(cursor, 4);
        cursor.expect(' ', "after the year");
        int hour = digits(cursor, 2);
        cursor.expect(':', "after the hour");
        int minute = digits(cursor, 2);
        cursor.expect(':', "after the minute");
        int second = digits(cursor, 2);
        if (!cursor.acceptIgnoringCase(" GMT")) {
            throw cursor.expected("a blank and \"GMT\"");
        }
        try {
            return LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw cursor.fault(from, "expected a date of the calendar");
        }
    }

    private static int digits(Cursor cursor, int count) {
        int from = cursor.position();
        long value = cursor.expectNumber("digits", 9999);
        if (cursor.position() - from != count) {
            throw cursor.fault(from, "expected " + count + " digits");
        }
        return (int) value;
    }

    private static int expectOneOf(Cursor cursor, List<String> words, String what) {
        for (int i = 0; i < words.size(); i++) {
            if (cursor.acceptIgnoringCase(words.get(i))) {
                return i;
            }
        }
        throw cursor.expected(what);
    }
}
