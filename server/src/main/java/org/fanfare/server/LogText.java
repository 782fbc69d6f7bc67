package org.fanfare.server;

/// Text of other people made fit for a log.
final class LogText {

    /// Longer values are cut (reliability C1).
    private static final int LONGEST = 256;

    private LogText() {}

    /// Escaped, and at most 256 characters of it.
    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return escaped(text);
        }
        var end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return escaped(text.substring(0, end)) + "...";
    }

    /// Without any character that could begin a line, move a cursor or change the direction of
    /// text.
    static String escaped(String text) {
        if (text.chars().noneMatch(LogText::isUnsafe)) {
            return text;
        }
        var escaped = new StringBuilder();
        text.chars()
                .forEach(c -> {
                    if (isUnsafe(c)) {
                        escaped.append("\\u%04X".formatted(c));
                    } else {
                        escaped.append((char) c);
                    }
                });
        return escaped.toString();
    }

    private static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
