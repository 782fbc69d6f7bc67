package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;

class TemporaryDirectoryTest {

    @Test
    void itGoesWithWhatIsInIt() throws Exception {
        var directory = TemporaryDirectory.create("fanfare-test");
        Files.writeString(directory.path().resolve("node-1.spool"), "content");

        directory.close();

        assertThat(directory.path()).doesNotExist();
    }
}
