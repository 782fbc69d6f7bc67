package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.sip.digest.DigestAlgorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class UserFileTest {

    private static final String REALM = "home.example";

    @TempDir Path folder;

    @Test
    void aPasswordServesEveryAlgorithm() throws IOException {
        var users = read("# users\n\nalice:pass:word\n");

        for (var algorithm : DigestAlgorithm.values()) {
            assertThat(users.ha1(algorithm, "alice", REALM))
                    .contains(algorithm.ha1("alice", REALM, "pass:word"));
        }
        assertThat(users.ha1(DigestAlgorithm.MD5, "bob", REALM)).isEmpty();
    }

    @Test
    void aHashServesItsAlgorithmAndItsRealm() throws IOException {
        var md5 = DigestAlgorithm.MD5.ha1("alice", REALM, "secret");
        var sha256 = DigestAlgorithm.SHA_256.ha1("alice", REALM, "secret");
        var users = read("alice:" + REALM + ":" + md5 + "\nalice:" + REALM + ":" + sha256);

        assertThat(users.ha1(DigestAlgorithm.MD5, "alice", REALM)).contains(md5);
        assertThat(users.ha1(DigestAlgorithm.SHA_256, "alice", REALM)).contains(sha256);
        assertThat(users.ha1(DigestAlgorithm.SHA_512_256, "alice", REALM)).isEmpty();
        assertThat(users.ha1(DigestAlgorithm.MD5, "alice", "other.example")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", ":secret", "alice:"})
    void aLineOfAnotherFormIsNamedByItsNumberOnly(String line) { // C2
        assertThatThrownBy(() -> read("bob:b\n" + line + "\n"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(":2: expected user:password or user:realm:HA1");
    }

    private UserFile read(String text) throws IOException {
        return UserFile.read(Files.writeString(folder.resolve("users"), text));
    }
}
