package org.fanfare.store;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;

import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.BASE64MailboxEncoder;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.imap.protocol.Status;
import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;

/// A wait for what the server says by itself: IDLE (RFC 2177), which tells of one folder, and of
/// all below the root where the server has NOTIFY (RFC 5465).
final class Idle {

    /// A server may end a session that says nothing for 30 minutes (RFC 2177 3: the client asks
    /// again before 29 are over).
    static final Duration LONGEST = Duration.ofMinutes(28);

    private @Nullable IMAPProtocol idling;
    private boolean stopped;

    /// Ends the wait that is under way and all later ones. From any thread.
    synchronized void stop() {
        stopped = true;
        done();
        notifyAll();
    }

    synchronized boolean isStopped() {
        return stopped;
    }

    private synchronized void done() {
        if (idling != null) {
            idling.idleAbort();
            idling = null;
        }
    }

    private synchronized void over() {
        idling = null;
    }

    private synchronized boolean isDone() {
        return idling == null;
    }

    private synchronized void begun(IMAPProtocol protocol) {
        idling = protocol;
        if (stopped) {
            done();
        }
    }

    /// Without IDLE: nothing is heard, the time goes by.
    synchronized void sleep(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toMillis(); left > 0 && !stopped; ) {
            wait(left);
            left = Duration.ofNanos(end - System.nanoTime()).toMillis();
        }
    }

    /// Returns when the server has told something, the time is over, or something is new already.
    ///
    /// @param folder that is watched in any case
    /// @param tree root of what is watched where the server can
    /// @param often the longest wait where the server tells of that folder alone
    /// @param known up to where the folders are known
    void in(IMAPFolder folder, String tree, Duration often, Map<String, MailboxState.Folder> known)
            throws MessagingException {
        folder.open(Folder.READ_ONLY);
        try {
            var there = known.get(folder.getFullName());
            if (there == null
                    || isAsKnown(
                            there,
                            folder.getUIDNext(),
                            folder.getMessageCount(),
                            folder.getHighestModSeq())) {
                folder.doCommand(protocol -> {
                    if (protocol.hasCapability("NOTIFY")) {
                        ofAll(protocol, tree, known);
                    } else {
                        idle(protocol, often.compareTo(LONGEST) > 0 ? LONGEST : often);
                    }
                    return null;
                });
            }
        } finally {
            folder.close(false);
        }
    }

    private void ofAll(IMAPProtocol protocol, String tree, Map<String, MailboxState.Folder> known)
            throws ProtocolException {
        var answer = protocol.command("NOTIFY", everything(tree));
        protocol.notifyResponseHandlers(answer);
        protocol.handleResult(answer[answer.length - 1]);
        if (!tellsNews(answer, known)) {
            idle(protocol, LONGEST);
        }
        // what comes unasked later would be taken for an answer
        protocol.simpleCommand("NOTIFY", new Argument().writeAtom("NONE"));
    }

    /// What has come since the folders were read.
    private static boolean tellsNews(Response[] answer, Map<String, MailboxState.Folder> known)
            throws ProtocolException {
        for (var response : answer) {
            if (response instanceof IMAPResponse line && line.keyEquals("STATUS")) {
                var status = new Status(line);
                var folder = known.get(status.mbox);
                if (folder == null
                        || !isAsKnown(folder, status.uidnext, status.total, status.highestmodseq)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// @param modified none or negative where the server does not say
    private static boolean isAsKnown(
            MailboxState.Folder known, long next, long count, long modified) {
        return known.next() == next
                && known.count() == count
                && (known.modified() == 0 || known.modified() >= modified);
    }

    /// `SET STATUS (selected EVENTS) (subtree ROOT EVENTS)`, upon which it tells how they stand.
    private static Argument everything(String tree) {
        return new Argument()
                .writeAtom("SET")
                .writeAtom("STATUS")
                .writeArgument(new Argument().writeAtom("selected").writeArgument(events()))
                .writeArgument(
                        new Argument()
                                .writeAtom("subtree")
                                .writeString(BASE64MailboxEncoder.encode(tree))
                                .writeArgument(events().writeAtom("MailboxName")));
    }

    private static Argument events() {
        return new Argument()
                .writeAtom("MessageNew")
                .writeAtom("MessageExpunge")
                .writeAtom("FlagChange");
    }

    private void idle(IMAPProtocol protocol, Duration atMost) throws ProtocolException {
        protocol.idleStart();
        begun(protocol);
        var alarm = Thread.ofVirtual().start(() -> doneAfter(atMost));
        try {
            while (true) {
                var response = protocol.readIdleResponse();
                if (response == null) {
                    return;
                }
                boolean silent =
                        response.isBYE()
                                && response.getException() instanceof SocketTimeoutException;
                if (silent && !isDone()) {
                    continue; // the time-out of a connection is for answers
                }
                if (!protocol.processIdleResponse(response)) {
                    return;
                }
                if (response.isUnTagged() && !response.isOK()) { // OK: the server is still there
                    done();
                }
            }
        } finally {
            alarm.interrupt();
            over();
        }
    }

    private void doneAfter(Duration time) {
        try {
            Thread.sleep(time);
            done();
        } catch (InterruptedException _) {
            // something was heard before
        }
    }
}
