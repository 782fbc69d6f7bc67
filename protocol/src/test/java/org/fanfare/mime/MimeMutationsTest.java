package org.fanfare.mime;

import org.fanfare.testing.Mutations;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.util.List;

/// Broken multiparts: a value or a [MalformedMessage], and what is taken is written back as it
/// came.
@SuppressWarnings("StringConcatToTextBlock") // Every CR and LF is meant.
class MimeMutationsTest {

    private static final Octets BODY =
            Octets.utf8(
                    "Content-Type: multipart/mixed;\r\n"
                        + "\tboundary=\"b 1\"\r\n\r\n"
                        + "preamble\r\n"
                        + "--b 1\r\n"
                        + "Content-Type: application/resource-lists+xml\r\n"
                        + "Content-Disposition: recipient-list;handling=required (a comment)\r\n"
                        + "Content-Transfer-Encoding: base64\r\n\r\n"
                        + "PGE+PC9hPg==\r\n"
                        + "--b 1 \r\n"
                        + "Content-Type: multipart/alternative;boundary=b2\r\n\r\n"
                        + "--b2\r\n\r\n"
                        + "plain\r\n"
                        + "--b2\r\n"
                        + "Content-Type: text/html\r\n"
                        + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        + "<p>=3D=\r\n"
                        + "</p>\r\n"
                        + "--b2--\r\n"
                        + "--b 1--\r\n"
                        + "epilogue");

    @Test
    void everyPrefixIsAValueOrMalformed() {
        Mutations.prefixes(BODY, MimeMutationsTest::valueOrMalformed);
    }

    @Test
    void everyOneOctetChangeIsAValueOrMalformed() {
        Mutations.oneOctetChanges(BODY, MimeMutationsTest::valueOrMalformed);
    }

    @Test
    void seededMutationIsAValueOrMalformed() {
        Mutations.seeded(
                BODY, List.of(BODY), 1, Mutations.count(), MimeMutationsTest::valueOrMalformed);
    }

    private static void valueOrMalformed(Octets octets) {
        try {
            var entity = MimeEntity.parse(octets, Limits.DEFAULT);
            expectSame(octets, entity.toOctets());
            if (entity.contentType().isMultipart()) {
                var multipart = entity.multipart(Limits.DEFAULT);
                var again = Multipart.parse(multipart.type(), multipart.toOctets(), Limits.DEFAULT);
                expectSame(multipart.toOctets(), again.toOctets());
            }
            MimeEntity.check(octets, Limits.DEFAULT);
        } catch (MalformedMessage e) {
            if (e.offset() < 0 || e.offset() > octets.length() || e.reason().isEmpty()) {
                throw new AssertionError(e);
            }
        }
    }

    private static void expectSame(Octets expected, Octets found) {
        if (!expected.equals(found)) {
            throw new AssertionError(expected + " became " + found);
        }
    }
}
