package org.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;

class XcapFolderTest {

    private static final String ALICE = "sip:alice@home.example";

    @TempDir Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private XcapFolder xcap;

    @BeforeEach
    void serve() throws Exception {
        for (var user : new String[] {"alice", "bob"}) {
            var own = folder.resolve("xcap/rules/users/sip:" + user + "@home.example");
            Files.writeString(Files.createDirectories(own).resolve("index"), "of " + user);
        }
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(
                folder.resolve("xcap/rules/users/" + ALICE + "/link"), folder.resolve("secret"));
        xcap =
                XcapFolder.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        folder.resolve("xcap"));
    }

    @AfterEach
    void stop() {
        xcap.close();
        http.close();
    }

    @Test
    void aUserReadsHisDocumentAndAgainByItsTag() throws Exception {
        var first = http.send(get("rules/users/" + ALICE + "/index").build(), text());
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("of alice");
        var etag = first.headers().firstValue("ETag").orElseThrow();

        var again = get("rules/users/" + ALICE + "/index").header("If-None-Match", etag);
        assertThat(http.send(again.build(), text()).statusCode()).isEqualTo(304);
    }

    // I15
    @ParameterizedTest
    @CsvSource({
        "rules/users/sip:bob@home.example/index, 403",
        "rules/users/sip:alice@home.example/../sip:bob@home.example/index, 404",
        "rules/users/sip:alice@home.example/..%2fsip:bob@home.example%2findex, 404",
        "rules/users/sip:alice@home.example/link, 404",
        "rules/users/sip:alice@home.example/%00, 404",
        "rules/users/sip:alice@home.example/%zz, 400",
        "rules/users/sip:alice@home.example/none, 404",
        "rules/users/sip:alice@home.example/index/~~/ruleset/rule%5b1%5d, 404", // a node selector
        "rules/users/sip:alice@home.example/~~/../../sip:bob@home.example/index, 404",
        "rules/users/sip%3abob@home.example/index, 403",
        "rules/users/SIP:BOB@home.example/index, 403",
        "rules/users/sip:alice@home.example%2f..%2fsip:bob@home.example/index, 404",
        "rules/global/index, 404",
    })
    void nobodyReadsAnythingElse(String path, int status) throws Exception {
        assertThat(raw(path)).isEqualTo(status);
    }

    @Test
    void whoDoesNotSayWhoHeIsReadsNothing() throws Exception {
        var request = HttpRequest.newBuilder(uri("rules/users/" + ALICE + "/index")).build();

        assertThat(http.send(request, text()).statusCode()).isEqualTo(403);
    }

    @Test
    void nothingIsWritten() throws Exception {
        var put =
                get("rules/users/" + ALICE + "/index")
                        .PUT(HttpRequest.BodyPublishers.ofString("new"));

        assertThat(http.send(put.build(), text()).statusCode()).isEqualTo(405);
    }

    /// Octet for octet: a client of HTTP would mend the path.
    private int raw(String path) throws IOException {
        try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream()
                    .write(
                            "GET /%s HTTP/1.1\r\nHost: x\r\nX-3GPP-Asserted-Identity: \"%s\"\r\nConnection: close\r\n\r\n"
                                    .formatted(path, ALICE)
                                    .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            var answer =
                    new String(
                            socket.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private int port() {
        return xcap.root().getPort();
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(uri(path)).header("X-3GPP-Asserted-Identity", ALICE);
    }

    private URI uri(String path) {
        return URI.create(xcap.root() + "/" + path);
    }

    private static HttpResponse.BodyHandler<String> text() {
        return BodyHandlers.ofString();
    }
}
