package org.fanfare.pf;

import org.fanfare.cpm.ReleaseVersion;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// What the service provider has decided; everything has a default (readings, section Z).
///
/// @param originators who may send (8.2.1.1/1)
/// @param minimumRelease release that the sender's client must have; nothing: any (8.2.1.1/2)
/// @param anonymity whether anybody may be anonymous (8.2.1.1/3)
/// @param anonymityToMany who may be anonymous towards many (8.2.1.1/8.A.ii.1)
/// @param maxRecipients more are refused (8.2.1.1/8.A.ii.2)
/// @param pagerLimit octets of the CPIM entity; more is for Large Message Mode (reading 5)
/// @param messageLife when a message expires that does not say so itself, and the longest life
/// @param foreignService what becomes of a message that asserts a service that is not CPM's
/// @param checkCpimFrom whether CPIM From must be the originator or anonymous (reliability B6)
/// @param negativeDelivery whether failed recipients are reported if asked for (reading 2)
/// @param imdnRecordRoute whether notifications come by way of us (RFC 5438 8)
/// @param imdnCollectingTime how long those about one message are gathered (RFC 5438 8.3)
/// @param rewriteCpimTo whether CPIM To of a copy is its recipient (reading 8)
/// @param msrpInteroperability whether the network may need MSRP without CEMA (8.2.1.2/7.l.vi)
/// @param copiesAsSingle whether copies are asserted as messages to one recipient (reading 18)
/// @param recording whose messages go into the message store (8.2.1.1/9.i.a)
/// @param openMessages messages of one originator that may wait for their answer at the same time
/// @param recipientsPerHour recipients an originator may reach; 0: no limit
/// @param interworkedPerDay copies of an originator that may go to interworking; 0: no limit
public record Policy(
        Originators originators,
        @Nullable ReleaseVersion minimumRelease,
        boolean anonymity,
        Originators anonymityToMany,
        int maxRecipients,
        int pagerLimit,
        Answer answer,
        Duration collectingTime,
        Expired expired,
        Duration messageLife,
        ForeignService foreignService,
        boolean checkCpimFrom,
        boolean negativeDelivery,
        boolean imdnRecordRoute,
        Duration imdnCollectingTime,
        boolean rewriteCpimTo,
        boolean msrpInteroperability,
        boolean copiesAsSingle,
        Recording recording,
        int openMessages,
        int recipientsPerHour,
        int interworkedPerDay) {

    public static final Policy DEFAULT = new Builder().build();

    /// When the sender gets the answer for a list (reading 1).
    public enum Answer {
        /// When all have ended, or when the collecting time is over.
        AGGREGATE,
        /// 202 as soon as the message is on stable storage.
        ACCEPT_AT_ONCE
    }

    /// What becomes of an expired message (reading 51).
    public enum Expired {
        /// 480 and a warning.
        REJECT,
        /// 202, and nobody gets it.
        DROP
    }

    /// What becomes of a message that asserts a service that is not CPM's (reading 49).
    public enum ForeignService {
        REJECT,
        ACCEPT
    }

    /// Whose messages go into the message store.
    public enum Recording {
        /// Of those who want it (8.2.1.1/6).
        PREFERENCE,
        /// Of everybody.
        ALWAYS,
        /// Of nobody.
        NEVER
    }

    /// This policy with some values changed: `policy.with(p -> p.maxRecipients(2))`.
    public Policy with(UnaryOperator<Builder> changes) {
        return changes.apply(new Builder(this)).build();
    }

    /// Starts from the defaults, or from another policy.
    public static final class Builder {
        private Originators originators = Originators.EVERYBODY;
        private @Nullable ReleaseVersion minimumRelease;
        private boolean anonymity = true;
        private Originators anonymityToMany = Originators.EVERYBODY;
        private int maxRecipients = 100;
        private int pagerLimit = 1300;
        private Answer answer = Answer.AGGREGATE;
        private Duration collectingTime = Duration.ofSeconds(20);
        private Expired expired = Expired.REJECT;
        private Duration messageLife = Duration.ofHours(24);
        private ForeignService foreignService = ForeignService.REJECT;
        private boolean checkCpimFrom = true;
        private boolean negativeDelivery = true;
        private boolean imdnRecordRoute;
        private Duration imdnCollectingTime = Duration.ofSeconds(5);
        private boolean rewriteCpimTo;
        private boolean msrpInteroperability;
        private boolean copiesAsSingle;
        private Recording recording = Recording.PREFERENCE;
        private int openMessages = 50;
        private int recipientsPerHour;
        private int interworkedPerDay;

        private Builder() {}

        private Builder(Policy from) {
            originators = from.originators;
            minimumRelease = from.minimumRelease;
            anonymity = from.anonymity;
            anonymityToMany = from.anonymityToMany;
            maxRecipients = from.maxRecipients;
            pagerLimit = from.pagerLimit;
            answer = from.answer;
            collectingTime = from.collectingTime;
            expired = from.expired;
            messageLife = from.messageLife;
            foreignService = from.foreignService;
            checkCpimFrom = from.checkCpimFrom;
            negativeDelivery = from.negativeDelivery;
            imdnRecordRoute = from.imdnRecordRoute;
            imdnCollectingTime = from.imdnCollectingTime;
            rewriteCpimTo = from.rewriteCpimTo;
            msrpInteroperability = from.msrpInteroperability;
            copiesAsSingle = from.copiesAsSingle;
            recording = from.recording;
            openMessages = from.openMessages;
            recipientsPerHour = from.recipientsPerHour;
            interworkedPerDay = from.interworkedPerDay;
        }

        public Builder originators(Originators value) {
            originators = value;
            return this;
        }

        public Builder minimumRelease(@Nullable ReleaseVersion value) {
            minimumRelease = value;
            return this;
        }

        public Builder anonymity(boolean value) {
            anonymity = value;
            return this;
        }

        public Builder anonymityToMany(Originators value) {
            anonymityToMany = value;
            return this;
        }

        public Builder maxRecipients(int value) {
            maxRecipients = value;
            return this;
        }

        public Builder pagerLimit(int value) {
            pagerLimit = value;
            return this;
        }

        public Builder answer(Answer value) {
            answer = value;
            return this;
        }

        public Builder collectingTime(Duration value) {
            collectingTime = value;
            return this;
        }

        public Builder expired(Expired value) {
            expired = value;
            return this;
        }

        public Builder messageLife(Duration value) {
            messageLife = value;
            return this;
        }

        public Builder foreignService(ForeignService value) {
            foreignService = value;
            return this;
        }

        public Builder checkCpimFrom(boolean value) {
            checkCpimFrom = value;
            return this;
        }

        public Builder negativeDelivery(boolean value) {
            negativeDelivery = value;
            return this;
        }

        public Builder imdnRecordRoute(boolean value) {
            imdnRecordRoute = value;
            return this;
        }

        public Builder imdnCollectingTime(Duration value) {
            imdnCollectingTime = value;
            return this;
        }

        public Builder rewriteCpimTo(boolean value) {
            rewriteCpimTo = value;
            return this;
        }

        public Builder msrpInteroperability(boolean value) {
            msrpInteroperability = value;
            return this;
        }

        public Builder copiesAsSingle(boolean value) {
            copiesAsSingle = value;
            return this;
        }

        public Builder recording(Recording value) {
            recording = value;
            return this;
        }

        public Builder openMessages(int value) {
            openMessages = value;
            return this;
        }

        public Builder recipientsPerHour(int value) {
            recipientsPerHour = value;
            return this;
        }

        public Builder interworkedPerDay(int value) {
            interworkedPerDay = value;
            return this;
        }

        private Policy build() {
            return new Policy(
                    originators,
                    minimumRelease,
                    anonymity,
                    anonymityToMany,
                    maxRecipients,
                    pagerLimit,
                    answer,
                    collectingTime,
                    expired,
                    messageLife,
                    foreignService,
                    checkCpimFrom,
                    negativeDelivery,
                    imdnRecordRoute,
                    imdnCollectingTime,
                    rewriteCpimTo,
                    msrpInteroperability,
                    copiesAsSingle,
                    recording,
                    openMessages,
                    recipientsPerHour,
                    interworkedPerDay);
        }
    }
}
