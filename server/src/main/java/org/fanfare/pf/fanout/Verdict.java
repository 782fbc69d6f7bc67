package org.fanfare.pf.fanout;

import org.fanfare.interworking.InterworkingSelection;

import java.util.random.RandomGenerator;

/// What follows from the end of a leg.
sealed interface Verdict {

    int NOT_ACCEPTABLE_HERE = 488;

    /// It has ended with this recipient.
    record Ended(Delivery delivery) implements Verdict {}

    /// Another leg, after a pause in nanoseconds.
    record Again(Leg next, long pause) implements Verdict {}

    /// The rules by which it is found.
    record Rules(RetryRules retries, InterworkingSelection interworking) {

        /// A final response has come.
        Verdict answered(
                Leg leg,
                int status,
                String reason,
                long retryAfter,
                long now,
                RandomGenerator random) {
            if (status / 100 == 2) { // 8.2.1.2/err.200
                return new Ended(success(leg, status));
            }
            if (leg.hasOfferedTls() && status == NOT_ACCEPTABLE_HERE) {
                return new Again(leg.withoutTls(), 0);
            }
            if (!leg.interworking()
                    && interworking.isAskedForBy(status)
                    && interworking.allowed()
                    && leg.message().takesInterworking()) { // 8.2.1.1/8.A.iv.1
                // 8.2.1.1/8.A.iv.2 8.2.1.2/err.isf 8.2.1.1/8.B.d.vii.d.a (reading 10)
                return new Again(leg.interworked(), 0);
            }
            // 8.2.1.1/8.A.iv.2.else 8.2.1.2/err.isf.else: no interworking, the answer counts
            // 8.2.1.1/8.B.d.vii.d.a.ii 8.2.1.1/8.B.d.vii.d.a.ii.tried
            return RetryRules.mayEndBetter(status) && leg.message().triesAgain()
                    ? again(leg, status, reason, retryAfter, now, random)
                    : new Ended(new Delivery.Failed(status, reason)); // 8.2.1.1/8.A.v
        }

        /// The session was there, and the content was refused (readings 10 and 67).
        Verdict refused(Leg leg, int status, String reason) {
            if (leg.hasOfferedTls() && status == NOT_ACCEPTABLE_HERE) {
                return new Again(leg.withoutTls(), 0);
            }
            return !leg.interworking()
                            && interworking.allowed()
                            && leg.message().takesInterworking()
                    ? new Again(leg.interworked(), 0) // 8.2.1.1/8.B.d.vii.d.a.i
                    : new Ended(new Delivery.Failed(status, reason));
        }

        static Delivery success(Leg leg, int status) {
            return leg.interworking()
                    ? new Delivery.Interworked(status)
                    : new Delivery.Delivered(status);
        }

        /// Nobody has answered.
        ///
        /// @param perhapsTaken whether the request, or the content, has left
        Verdict unanswered(
                Leg leg, String reason, boolean perhapsTaken, long now, RandomGenerator random) {
            if (leg.interworking() && perhapsTaken && !interworking.repeats()) { // K12
                return new Ended(new Delivery.Failed(408, "interworking outcome unknown"));
            }
            return now < leg.message().deadline()
                    ? again(leg, 408, reason, 0, now, random)
                    : new Ended(new Delivery.Expired()); // reliability W4
        }

        private Verdict again(
                Leg leg,
                int status,
                String reason,
                long retryAfter,
                long now,
                RandomGenerator random) {
            var wait =
                    retries.waitAfter(
                            leg.retries() + 1, retryAfter, leg.message().deadline() - now, random);
            return wait.isPresent()
                    ? new Again(leg.again(), wait.getAsLong())
                    : new Ended(new Delivery.Failed(status, reason));
        }
    }
}
