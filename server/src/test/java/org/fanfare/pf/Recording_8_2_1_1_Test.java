package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.store.ImapStore;
import org.fanfare.store.MailServer;
import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/// Steps 6 and 9.i: what was sent lies in its sender's mailbox, and the answer says where.
class Recording_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@other.example";
    private static final String CONVERSATION = "0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11";
    private static final String FOLDER = "Default." + CONVERSATION;

    private final MailServer mail = new MailServer();
    private final ImapStore store = new ImapStore(mail.settings());
    private final FakeNetwork network =
            new FakeNetwork()
                    .policy(p -> p.recording(Policy.Recording.ALWAYS))
                    .store(store, Recorder.Settings.DEFAULT);

    @TempDir Path folder;

    @AfterEach
    void close() {
        network.close();
        store.close();
        mail.close();
    }

    @Clause({
        "8.2.1.1/9",
        "8.2.1.1/9.i.a.policy",
        "8.2.1.1/9.i.a.uid",
        "8.2.1.1/9.i.b",
        "8.2.1.1/9.ii"
    })
    @Test
    void theAnswerNamesTheObjectInTheSendersMailbox() {
        var answer = network.send(message().recipients(BOB, CAROL).asking("display"));

        assertThat(mail.messages("alice", FOLDER)).hasSize(1); // reading 39
        var object = mail.messages("alice", FOLDER).getFirst();
        assertThat(answer).hasStatus(200).hasHeader("Message-UID", "" + object.getUid());
    }
}
