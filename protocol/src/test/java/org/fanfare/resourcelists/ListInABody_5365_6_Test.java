package org.fanfare.resourcelists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.mime.TransferEncoding;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// A list as it travels: a part of a multipart, wherever it stands and however it is coded.
class ListInABody_5365_6_Test {

    private static final MimeEntity TEXT =
            MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("Hello"));

    private static MimeEntity.Builder part() {
        return MimeEntity.builder()
                .contentType(MediaType.RESOURCE_LISTS)
                .disposition(ContentDisposition.RECIPIENT_LIST);
    }

    private static Octets list(String uri) {
        return RecipientList.write(List.of(Uri.parse(uri)));
    }

    private static MimeEntity multipart(MimeEntity... parts) {
        var multipart = Multipart.mixed(List.of(parts));
        return MimeEntity.of(multipart.type(), multipart.toOctets());
    }

    private static List<String> recipients(MimeEntity body) {
        var documents =
                body.leaves(Limits.DEFAULT).stream()
                        .filter(leaf -> leaf.contentType().is(MediaType.RESOURCE_LISTS))
                        .map(leaf -> leaf.content(Limits.DEFAULT))
                        .toList();
        return RecipientList.parse(documents, Limits.DEFAULT).recipients().stream()
                .map(Entry::uri)
                .toList();
    }

    private static Octets gzip(Octets octets) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            octets.writeTo(gzip);
        }
        return Octets.of(out.toByteArray());
    }

    @Test
    void listStandsFirstOrLastOrInANestedMultipart() { // L11
        var list = part().body(list("sip:a@x")).build();

        assertThat(recipients(multipart(list, TEXT))).containsExactly("sip:a@x");
        assertThat(recipients(multipart(TEXT, list))).containsExactly("sip:a@x");
        assertThat(recipients(multipart(TEXT, multipart(TEXT, list)))).containsExactly("sip:a@x");
    }

    @Test
    void severalListsAreOne() { // L11
        var first = part().body(list("sip:a@x")).build();
        var second = part().body(list("sip:b@x")).build();

        assertThat(recipients(multipart(first, TEXT, second, first)))
                .containsExactly("sip:a@x", "sip:b@x");
    }

    @Test
    void codedListIsDecoded() throws IOException { // L8
        var zipped = gzip(list("sip:a@x"));

        assertThat(
                        recipients(
                                multipart(
                                        TEXT,
                                        part().header("Content-Encoding", "gzip")
                                                .header("Content-Transfer-Encoding", "base64")
                                                .body(TransferEncoding.encodeBase64(zipped))
                                                .build())))
                .containsExactly("sip:a@x");
    }

    @Test
    void listThatIsABombIsRefused() throws IOException { // L8
        var bomb = gzip(Octets.of(new byte[8 << 20]));
        var body = multipart(TEXT, part().header("Content-Encoding", "gzip").body(bomb).build());

        assertThatThrownBy(() -> recipients(body))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(413));
    }

    @Test
    void listOfUnknownCodingIsRefused() { // L8
        var body =
                multipart(
                        TEXT,
                        part().header("Content-Encoding", "br").body(list("sip:a@x")).build());

        assertThatThrownBy(() -> recipients(body))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(415));
    }
}
