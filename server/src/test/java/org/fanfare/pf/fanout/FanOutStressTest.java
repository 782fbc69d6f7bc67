package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.ledger.MessageRef;
import org.fanfare.pf.ScriptedCore;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.OutgoingRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Many messages to the same people, answered by several threads at once in any order.
class FanOutStressTest {

    private static final int MESSAGES = 40;
    private static final int RECIPIENTS = 300;

    private final AtomicInteger twiceAtOnce = new AtomicInteger();

    /// Answers on other threads, some refuse, some do not answer; watches what is pending.
    private final class RestlessCore implements Outlet {

        private final ConcurrentHashMap<String, Boolean> pending = new ConcurrentHashMap<>();
        private final ExecutorService threads;

        RestlessCore(ExecutorService threads) {
            this.threads = threads;
        }

        @Override
        public Hop hopFor(Hop hop, int octets) {
            return hop;
        }

        @Override
        public void send(OutgoingRequest request, Hop hop, ResponseListener listener) {
            var text = request.wire().utf8();
            var uri = text.substring("MESSAGE ".length(), text.indexOf(" SIP/2.0"));
            if (pending.put(uri, true) != null) {
                twiceAtOnce.incrementAndGet();
            }
            threads.execute(() -> end(uri, listener));
        }

        private void end(String uri, ResponseListener listener) {
            pending.remove(uri);
            int dice = ThreadLocalRandom.current().nextInt(20);
            var request = SipRequest.builder(Method.MESSAGE, Uri.parse(uri)).build();
            switch (dice) {
                case 0 -> listener.onTimeout();
                case 1 -> listener.onTransportFailure(new IOException("gone"));
                case 2 -> listener.onFinal(request.answer(503).build());
                case 3 -> listener.onFinal(request.answer(486).build());
                default -> listener.onFinal(request.answer(200).build());
            }
        }
    }

    @Test
    void everybodyIsServedOnceByEveryMessageAndNeverTwiceAtATime() throws Exception {
        var ends = new ConcurrentHashMap<String, Integer>();
        try (var timers = new WheelTimers();
                var threads = Executors.newFixedThreadPool(4)) {
            var settings =
                    FanOutSettings.defaults(ScriptedCore.HOP, "pf.example")
                            .withMostWaitingAtRecipient(MESSAGES)
                            .withRetries(
                                    new RetryRules(5, Duration.ofMillis(1), Duration.ofMillis(5)));
            var fanOut = new FanOut(settings, new RestlessCore(threads), timers, new Random(1));
            for (int i = 0; i < MESSAGES; i++) {
                var message = message(i, timers.nanoTime(), ends);
                threads.execute(() -> fanOut.start(message));
            }

            assertThat(awaitEnds(ends)).hasSize(MESSAGES * RECIPIENTS);
            assertThat(fanOut.awaitIdle(Duration.ofSeconds(10))).isTrue();

            assertThat(ends.values()).containsOnly(1);
            assertThat(twiceAtOnce).hasValue(0);
            var figures = fanOut.figures();
            assertThat(figures.open()).isZero();
            assertThat(figures.waiting()).isZero();
            assertThat(figures.retries()).isPositive();
        }
    }

    private static ConcurrentHashMap<String, Integer> awaitEnds(
            ConcurrentHashMap<String, Integer> ends) {
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> ends.size() == MESSAGES * RECIPIENTS);
        return ends;
    }

    private static Distribution message(
            int number, long now, ConcurrentHashMap<String, Integer> ends) {
        var recipients = new ArrayList<String>();
        for (int i = 0; i < RECIPIENTS; i++) {
            recipients.add("sip:u" + (i * 7 + number) % (2 * RECIPIENTS) + "@home.example");
        }
        var template =
                LegTemplate.builder(new byte[16])
                        .text("MESSAGE ")
                        .place(Place.RECIPIENT)
                        .text(" SIP/2.0\r\n")
                        .body()
                        .build();
        return new Distribution(
                new MessageRef(number),
                template,
                Distribution.Recipients.all(recipients),
                now + Duration.ofHours(1).toNanos(),
                (recipient, _, _, _) -> ends.merge(number + " " + recipient, 1, Integer::sum));
    }
}
