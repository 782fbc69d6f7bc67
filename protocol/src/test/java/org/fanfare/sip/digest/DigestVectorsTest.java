package org.fanfare.sip.digest;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

/// The examples of the RFCs.
class DigestVectorsTest {

    private static final DigestAnswer.Protection RFC_7616 =
            new DigestAnswer.Protection(
                    Qop.AUTH, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", 1);

    private static String rfc7616(DigestAlgorithm algorithm) {
        return DigestAnswer.response(
                algorithm,
                algorithm.ha1("Mufasa", "http-auth@example.org", "Circle of Life"),
                "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
                RFC_7616,
                "GET",
                "/dir/index.html",
                Octets.EMPTY);
    }

    // RFC 7616 3.9.1
    @Test
    void sha256() {
        assertThat(rfc7616(DigestAlgorithm.SHA_256))
                .isEqualTo("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
    }

    // RFC 7616 3.9.1
    @Test
    void md5() {
        assertThat(rfc7616(DigestAlgorithm.MD5)).isEqualTo("8ca523f5e9506fed4657c9700eebdbec");
    }

    // RFC 2617 3.5
    @Test
    void md5OfRfc2617() {
        var protection = new DigestAnswer.Protection(Qop.AUTH, "0a4f113b", 1);
        var ha1 = DigestAlgorithm.MD5.ha1("Mufasa", "testrealm@host.com", "Circle Of Life");
        var response =
                DigestAnswer.response(
                        DigestAlgorithm.MD5,
                        ha1,
                        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                        protection,
                        "GET",
                        "/dir/index.html",
                        Octets.EMPTY);
        assertThat(response).isEqualTo("6629fae49393a05397450978507c4ef1");
    }

    // RFC 2069 2.4 as corrected by its erratum 749: without qop
    @Test
    void md5OfRfc2069() {
        var ha1 = DigestAlgorithm.MD5.ha1("Mufasa", "testrealm@host.com", "CircleOfLife");
        var response =
                DigestAnswer.response(
                        DigestAlgorithm.MD5,
                        ha1,
                        "dcd98b7102dd2f0e8b11d0f600bfb0c093",
                        null,
                        "GET",
                        "/dir/index.html",
                        Octets.EMPTY);
        assertThat(response).isEqualTo("1949323746fe6a43ef61f9606e7febea");
    }

    // RFC 8760 2.6 item 7
    @Test
    void theHashOfNoBodyIsThatOfAnEmptyText() {
        assertThat(DigestAlgorithm.SHA_256.hash(Octets.EMPTY))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    // RFC 7616 3.9.1
    @Test
    void theHeaderFieldsOfTheExamplesAreRead() {
        var challenge =
                DigestChallenge.parse(
                        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\","
                                + " algorithm=SHA-256,"
                                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        assertThat(challenge)
                .hasValueSatisfying(c -> {
                    assertThat(c.algorithm()).isEqualTo(DigestAlgorithm.SHA_256);
                    assertThat(c.qops()).containsExactly(Qop.AUTH, Qop.AUTH_INT);
                    assertThat(DigestChallenge.parse(c.toString())).hasValue(c);
                });
        var answer =
                DigestAnswer.parse(
                        "Digest username=\"Mufasa\", realm=\"http-auth@example.org\","
                                + " uri=\"/dir/index.html\", algorithm=MD5,"
                                + " nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                                + " nc=00000001,"
                                + " cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\","
                                + " qop=auth, response=\"8ca523f5e9506fed4657c9700eebdbec\","
                                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
        assertThat(answer)
                .hasValueSatisfying(a -> {
                    var ha1 = a.algorithm().ha1(a.user(), a.realm(), "Circle of Life");
                    assertThat(a.expectedResponse(ha1, "GET", Octets.EMPTY))
                            .isEqualTo(a.response());
                    assertThat(DigestAnswer.parse(a.toString())).hasValue(a);
                });
    }
}
