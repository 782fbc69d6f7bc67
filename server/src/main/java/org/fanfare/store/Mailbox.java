package org.fanfare.store;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;

import org.eclipse.angus.mail.imap.IMAPFolder;
import org.fanfare.cpm.HistoryFolder;
import org.fanfare.cpm.MessageUid;
import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A mailbox as a client of its user reads it: what is new or has changed since a state that he
/// kept, and a wait for more. One thread uses it; another one may [#stop] it.
///
/// The server is not believed: what it says is bounded in size, number and time (see
/// [BoundedImapStore]), and what cannot be understood ends the connection.
public final class Mailbox implements AutoCloseable {

    /// Every mailbox has it (RFC 3501 5.1).
    private static final String INBOX = "INBOX";

    /// Conversations, each a folder.
    private static final int MOST_FOLDERS = 10_000;

    /// To connect, to look through all, and to take leave.
    private static final Duration LONGEST_OPENING = Duration.ofMinutes(1);

    private static final Duration LONGEST_READING = Duration.ofMinutes(10);

    private static final Duration LONGEST_CLOSING = Duration.ofSeconds(10);

    /// An object that was found.
    ///
    /// @param folder the conversation, below the root
    /// @param headers those that tell what message it is
    /// @param flags as IMAP writes them, `\Seen` and the like
    public record Item(
            String folder, MessageUid uid, Map<String, String> headers, List<String> flags) {

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /// How a mailbox differs from what is known of it.
    public sealed interface Change {
        /// An object that was not there.
        record Appeared(Item item) implements Change {}

        /// Flags of an object are others; only servers with CONDSTORE (RFC 7162) say so.
        record Altered(Item item) implements Change {}

        /// So many objects are gone.
        record Vanished(String folder, long count) implements Change {}

        /// The folder is another one under the same name (another UIDVALIDITY): what is in it comes
        /// as new.
        record StartedOver(String folder) implements Change {}
    }

    private final ImapSettings settings;
    private final ImapConnection connection;

    /// Also seen while a thread that is not waited for any more comes to its end.
    private final Map<String, MailboxState.Folder> known;

    private final Idle idle = new Idle();

    /// Where the last news came from: the next are likely to come there.
    private String latest = INBOX;

    private Mailbox(ImapSettings settings, ImapConnection connection, MailboxState state) {
        this.settings = settings;
        this.connection = connection;
        this.known = new ConcurrentHashMap<>(state.folders());
    }

    /// Logs in for the user with this address, who knows so much already.
    public static Mailbox open(ImapSettings settings, String user, MailboxState state)
            throws StoreFailure {
        var mailbox =
                settings.users()
                        .of(user)
                        .orElseThrow(
                                () -> new StoreFailure(Reason.REFUSED, "no mailbox for " + user));
        return within(
                LONGEST_OPENING,
                () -> new Mailbox(settings, ImapConnection.openBounded(settings, mailbox), state));
    }

    /// Up to where the mailbox is known now; what has been told is in it, also after a failure.
    public MailboxState state() {
        return new MailboxState(known);
    }

    /// Tells how the mailbox differs from the [#state], folder by folder, oldest first, and brings
    /// the state up to date. A folder that has not changed is not opened.
    public void changes(Consumer<Change> told) throws StoreFailure {
        within(
                LONGEST_READING,
                () -> {
                    read(told);
                    return true;
                });
    }

    private void read(Consumer<Change> told) throws MessagingException, StoreFailure {
        char separator = connection.separator();
        var root = settings.root() + separator;
        var folders = connection.store().getDefaultFolder().list(root + "*");
        if (folders.length > MOST_FOLDERS) {
            throw new StoreFailure(
                    Reason.TOO_LARGE,
                    "%d folders, at most %d are read".formatted(folders.length, MOST_FOLDERS));
        }
        var there = new HashSet<String>();
        for (var folder : folders) {
            if ((folder.getType() & Folder.HOLDS_MESSAGES) != 0) {
                there.add(folder.getFullName());
                var changes =
                        new FolderChanges((IMAPFolder) folder, name(folder.getFullName()), told);
                if (changes.read(known)) {
                    latest = folder.getFullName();
                }
            }
        }
        for (var gone : List.copyOf(known.keySet())) {
            if (!there.contains(gone)) {
                var folder = known.remove(gone);
                if (folder != null && folder.count() > 0) {
                    told.accept(new Change.Vanished(name(gone), folder.count()));
                }
            }
        }
        if (!there.contains(latest)) {
            latest = INBOX;
        }
    }

    /// Waits until the server says that something is new, and looks no more often than it must:
    /// where it has IDLE but no NOTIFY, it tells of one folder only, where it has neither, of none.
    ///
    /// @param often how long to wait at most where the server does not tell of all
    public void await(Duration often) throws StoreFailure {
        boolean tells = within(LONGEST_OPENING, () -> connection.store().hasCapability("IDLE"));
        if (tells) {
            within(
                    Idle.LONGEST.plus(LONGEST_OPENING),
                    () -> {
                        idle.in(connection.folder(latest), settings.root(), often, known);
                        return true;
                    });
        } else {
            sleep(often);
        }
    }

    private void sleep(Duration time) throws StoreFailure {
        try {
            idle.sleep(time);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StoreFailure(Reason.UNAVAILABLE, "interrupted");
        }
    }

    /// Ends [#await], for good. From any thread.
    public void stop() {
        idle.stop();
    }

    private String name(String folder) throws MessagingException {
        char separator = connection.separator();
        var root = settings.root() + separator;
        var below = folder.startsWith(root) ? folder.substring(root.length()) : folder;
        return HistoryFolder.decode(below.replace(separator, '/'));
    }

    /// Does it on a thread that can be torn away from a server which trickles: the time-out of the
    /// connection is for each read alone.
    static <T> T within(Duration atMost, Callable<T> work) throws StoreFailure {
        var task = new FutureTask<T>(work);
        var thread = Thread.ofVirtual().start(task);
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            throw new StoreFailure(Reason.UNAVAILABLE, "not done in " + atMost.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new StoreFailure(Reason.UNAVAILABLE, "interrupted");
        } catch (ExecutionException e) {
            throw failure(Objects.requireNonNullElse(e.getCause(), e));
        } finally {
            thread.interrupt(); // closes the connection if it is still at it
        }
    }

    private static StoreFailure failure(Throwable cause) {
        return switch (cause) {
            case StoreFailure failure -> failure;
            case MessagingException e ->
                    new StoreFailure(Reason.UNAVAILABLE, String.valueOf(e.getMessage()));
            case RuntimeException e -> // of the library, about what the server has said
                    new StoreFailure(Reason.UNAVAILABLE, "not understood: " + e);
            default -> throw new IllegalStateException(cause);
        };
    }

    @Override
    public void close() {
        try {
            within(
                    LONGEST_CLOSING,
                    () -> {
                        connection.close();
                        return true;
                    });
        } catch (StoreFailure _) {
            // it is gone either way
        }
    }
}
