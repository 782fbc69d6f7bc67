package org.fanfare.interworking;

import org.jsmpp.bean.DeliverSm;
import org.jsmpp.bean.OptionalParameter;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an SMSC tells about a short message that it took (SMPP 3.4 appendix B, 5.3.2.12, 5.3.2.35).
///
/// @param id as [#name] makes it of what the SMSC calls the message
/// @param outcome empty while it is not decided
record Receipt(String id, Optional<Outcome> outcome) {

    enum Outcome {
        DELIVERED,
        UNDELIVERED
    }

    private static final Pattern ID =
            Pattern.compile("(?:^|\\s)id:(\\S+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern STATE =
            Pattern.compile("(?:^|\\s)stat:(\\S+)", Pattern.CASE_INSENSITIVE);

    private static final Map<String, Outcome> BY_TEXT =
            Map.of(
                    "DELIVRD", Outcome.DELIVERED,
                    "EXPIRED", Outcome.UNDELIVERED,
                    "DELETED", Outcome.UNDELIVERED,
                    "UNDELIV", Outcome.UNDELIVERED,
                    "REJECTD", Outcome.UNDELIVERED);

    /// `message_state` (SMPP 3.4 5.2.28).
    private static final Map<Integer, Outcome> BY_NUMBER =
            Map.of(
                    2, Outcome.DELIVERED,
                    3, Outcome.UNDELIVERED,
                    4, Outcome.UNDELIVERED,
                    5, Outcome.UNDELIVERED,
                    8, Outcome.UNDELIVERED);

    private static final int LONGEST_ID = 64; // of SMPP 3.4 5.2.23

    /// Empty when it names no message. The parameters count, which are well defined; the text is
    /// for SMSCs that send none.
    static Optional<Receipt> of(DeliverSm delivered) {
        var text = new String(delivered.getShortMessage(), StandardCharsets.ISO_8859_1);
        var id = parameter(delivered).or(() -> found(ID, text)).map(Receipt::name);
        return id.filter(name -> !name.isEmpty())
                .map(name -> new Receipt(name, outcome(delivered, text)));
    }

    private static Optional<String> parameter(DeliverSm delivered) {
        var id = delivered.getOptionalParameter(OptionalParameter.Receipted_message_id.class);
        return Optional.ofNullable(id).map(OptionalParameter.COctetString::getValueAsString);
    }

    private static Optional<Outcome> outcome(DeliverSm delivered, String text) {
        var state = delivered.getOptionalParameter(OptionalParameter.Message_state.class);
        return state == null
                ? found(STATE, text).map(s -> BY_TEXT.get(s.toUpperCase(Locale.ROOT)))
                : Optional.ofNullable(BY_NUMBER.get((int) state.getValue()));
    }

    private static Optional<String> found(Pattern pattern, String text) {
        return Optional.of(pattern.matcher(text)).filter(Matcher::find).map(m -> m.group(1));
    }

    /// The same for all ways in which an SMSC may write it: case and leading zeros differ between
    /// the response and the receipt of some.
    static String name(String id) {
        var cut = id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) : id;
        return cut.strip().toLowerCase(Locale.ROOT).replaceFirst("^0+(?=.)", "").replace("\n", "");
    }
}
