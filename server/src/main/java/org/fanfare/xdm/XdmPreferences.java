package org.fanfare.xdm;

import org.fanfare.pf.Breaker;
import org.fanfare.pf.UserPreferences;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Printable;
import org.fanfare.xdm.XcapClient.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// Preferences of users from an XML Document Management Server (8.4.1).
///
/// A server that is down, slow or answers nonsense means "do not record" (reading 38, N3): a
/// message never waits longer for it than one request may take, and never fails by it.
public final class XdmPreferences implements UserPreferences, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(XdmPreferences.class);

    private static final int FAILURES_IN_A_ROW = 5;
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration PAUSE_FOR_USER = Duration.ofSeconds(1);

    private final XcapSettings settings;
    private final InstantSource clock;
    private final XcapClient client;
    private final Breaker breaker;
    private final Semaphore requests;
    private final XdmFigures figures = new XdmFigures();
    private final Map<String, Known> known;

    public XdmPreferences(XcapSettings settings) {
        this(settings, InstantSource.system());
    }

    XdmPreferences(XcapSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        client = new XcapClient(settings);
        breaker = new Breaker(FAILURES_IN_A_ROW, PAUSE, clock);
        requests = new Semaphore(settings.mostRequests());
        known =
                new LinkedHashMap<>(16, 0.75f, true) {
                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                        return size() > settings.mostUsers();
                    }
                };
    }

    /// The rules of one user as they were seen last. Its monitor lets one request for him be under
    /// way at a time, whose answer all that wait for it share.
    private static final class Known {

        private Ruleset rules = Ruleset.NONE;
        private String etag = "";
        private Instant freshUntil = Instant.MIN;
        private Instant notAskedUntil = Instant.MIN;
    }

    @Override
    public boolean recordsHistory(String user) {
        var now = clock.instant();
        return rules(user, now).recordsHistory(now);
    }

    public XdmFigures figures() {
        return figures;
    }

    private Ruleset rules(String user, Instant now) {
        var mine = known(user);
        synchronized (mine) {
            if (now.isBefore(mine.freshUntil)) {
                return mine.rules;
            }
            if (now.isBefore(mine.notAskedUntil)) { // a failure is shared as well
                return Ruleset.NONE;
            }
            return refresh(user, mine, now) ? mine.rules : Ruleset.NONE;
        }
    }

    private Known known(String user) {
        synchronized (known) {
            return known.computeIfAbsent(user, _ -> new Known());
        }
    }

    /// Whether what is known now is what the server has.
    private boolean refresh(String user, Known mine, Instant now) {
        if (!requests.tryAcquire()) {
            figures.skipped.increment();
            return false;
        }
        try {
            return breaker.admits() ? ask(user, mine, now) : skip();
        } finally {
            requests.release();
        }
    }

    private boolean skip() {
        figures.skipped.increment();
        return false;
    }

    private boolean ask(String user, Known mine, Instant now) {
        try {
            take(user, client.get(user, mine.etag), mine);
            mine.freshUntil = now.plus(settings.cache());
            if (breaker.answered()) {
                LOG.info("event=xdms-answers-again root={}", settings.root());
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            figures.failed.increment();
            mine.notAskedUntil = clock.instant().plus(PAUSE_FOR_USER);
            if (breaker.failed()) {
                LOG.warn(
                        "event=xdms-not-answering root={} reason=\"{}\"",
                        settings.root(),
                        Printable.cut(String.valueOf(e.getMessage()), 200));
            }
            return false;
        }
    }

    private void take(String user, Answer answer, Known mine) {
        switch (answer) {
            case Answer.Document document -> {
                mine.rules = parsed(user, document);
                mine.etag = document.etag();
                figures.documents.increment();
            }
            case Answer.Unchanged() -> figures.unchanged.increment();
            case Answer.Absent(int status) -> {
                LOG.debug("event=xdm-no-document user={} status={}", user, status);
                mine.rules = Ruleset.NONE;
                mine.etag = "";
                figures.absent.increment();
            }
        }
    }

    /// A document that nobody can read allows nothing, until there is another one.
    private Ruleset parsed(String user, Answer.Document document) {
        try {
            checkSize(document);
            return Ruleset.parse(document.content());
        } catch (MalformedMessage e) {
            figures.malformed.increment();
            LOG.info(
                    "event=xdm-document-malformed user={} reason=\"{}\"",
                    Printable.cut(user, 200),
                    Printable.cut(String.valueOf(e.getMessage()), 200));
            return Ruleset.NONE;
        }
    }

    private void checkSize(Answer.Document document) {
        if (document.content().length() > settings.mostOctets()) {
            throw new MalformedMessage(
                    "ruleset: expected at most " + settings.mostOctets() + " octets",
                    settings.mostOctets(),
                    "RFC 4745 13");
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
