package org.fanfare.cpim;

/// The parameters that may stand between the colon and the value of a CPIM header (RFC 3862 3.6),
/// of which only the language matters.
///
/// @param length how many octets they take up; 0 when there are none, or what stands there follows
///   no grammar and so belongs to the value
record CpimParameters(String language, int length) {

    private static final CpimParameters NONE = new CpimParameters("", 0);

    static CpimParameters read(String text) {
        int i = 0;
        var language = "";
        while (i < text.length() && text.charAt(i) == ';') {
            int equals = nameEnd(text, i + 1);
            int end = equals < 0 ? -1 : valueEnd(text, equals + 1);
            if (end < 0) {
                return NONE;
            }
            if (text.substring(i + 1, equals).equals("lang")) {
                language = text.substring(equals + 1, end);
            }
            i = end;
        }
        boolean blankFollows = i == text.length() || text.charAt(i) == ' ';
        return i == 0 || !blankFollows ? NONE : new CpimParameters(language, i);
    }

    /// The place of the equals sign after a name, or -1.
    private static int nameEnd(String text, int from) {
        int i = from;
        while (i < text.length() && CpimHeader.isNameCharacter(text.charAt(i))) {
            i++;
        }
        return i > from && i < text.length() && text.charAt(i) == '=' ? i : -1;
    }

    /// The place behind a token or a quoted string of ASCII characters, or -1.
    private static int valueEnd(String text, int from) {
        int i = from;
        if (i < text.length() && text.charAt(i) == '"') {
            i++;
            while (i < text.length() && text.charAt(i) != '"' && text.charAt(i) < 0x80) {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
            return i < text.length() && text.charAt(i) == '"' ? i + 1 : -1;
        }
        while (i < text.length()
                && text.charAt(i) < 0x80
                && CpimHeader.isTokenCharacter(text.charAt(i))) {
            i++;
        }
        return i > from ? i : -1;
    }
}
