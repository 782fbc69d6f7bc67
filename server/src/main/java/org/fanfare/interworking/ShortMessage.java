package org.fanfare.interworking;

import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One short message as it goes to the SMSC: a text, or a part of one that is too long for one.
///
/// @param content with the header that joins the parts, if it has one
/// @param hasHeader whether it begins with a user data header (3GPP TS 23.040 9.2.3.24)
/// @param coding `data_coding` (SMPP 3.4 5.2.19)
record ShortMessage(Octets content, boolean hasHeader, byte coding) {

    static final byte GSM = 0;
    static final byte UCS_2 = 8;

    /// Parts that the header can count.
    static final int MOST_PARTS = 255;

    private static final int HEADER = 6;
    private static final int SEPTETS = 160;
    private static final int SEPTETS_BESIDE_HEADER = 153;
    private static final int OCTETS = 140;

    /// A text in parts: in the GSM alphabet where it has all its characters, else in UCS-2. No
    /// character is cut in two.
    ///
    /// @param reference that the parts of one text have in common
    static List<ShortMessage> inParts(String text, int reference) {
        var septets = gsm(text);
        if (septets.isPresent()) {
            return inParts(septets.get(), GSM, SEPTETS, SEPTETS_BESIDE_HEADER, reference);
        }
        return inParts(ucs2(text), UCS_2, OCTETS, OCTETS - HEADER, reference);
    }

    /// The text undivided, for an SMSC that divides it.
    static ShortMessage whole(String text) {
        var septets = gsm(text);
        return new ShortMessage(
                joined(septets.orElseGet(() -> ucs2(text))),
                false,
                septets.isPresent() ? GSM : UCS_2);
    }

    private static Optional<List<byte[]>> gsm(String text) {
        var characters = new ArrayList<byte[]>(text.length());
        for (int character : text.codePoints().toArray()) {
            var encoded = GsmAlphabet.encode(character);
            if (encoded.isEmpty()) {
                return Optional.empty();
            }
            characters.add(encoded.get());
        }
        return Optional.of(characters);
    }

    /// Phones take UTF-16 for it, so characters beyond 16 bits have two units.
    private static List<byte[]> ucs2(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.toString(c).getBytes(StandardCharsets.UTF_16BE))
                .toList();
    }

    private static List<ShortMessage> inParts(
            List<byte[]> characters, byte coding, int alone, int besideHeader, int reference) {
        var whole = joined(characters);
        if (whole.length() <= alone) {
            return List.of(new ShortMessage(whole, false, coding));
        }
        var contents = divided(characters, besideHeader);
        var parts = new ArrayList<ShortMessage>();
        for (int i = 0; i < contents.size(); i++) {
            byte[] header = {5, 0, 3, (byte) reference, (byte) contents.size(), (byte) (i + 1)};
            parts.add(new ShortMessage(joined(List.of(header, contents.get(i))), true, coding));
        }
        return parts;
    }

    private static List<byte[]> divided(List<byte[]> characters, int most) {
        var contents = new ArrayList<byte[]>();
        var content = new ByteArrayOutputStream();
        for (var character : characters) {
            if (content.size() + character.length > most) {
                contents.add(content.toByteArray());
                content.reset();
            }
            content.writeBytes(character);
        }
        contents.add(content.toByteArray());
        return contents;
    }

    private static Octets joined(List<byte[]> pieces) {
        var whole = new ByteArrayOutputStream();
        pieces.forEach(whole::writeBytes);
        return Octets.of(whole.toByteArray());
    }
}
