package org.fanfare.client;

/// The message was refused by the client itself; nothing has left it.
public class CannotSend extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CannotSend(String reason) {
        super(reason);
    }

    /// A message to several recipients without the address that serves them.
    static CannotSend notProvisioned(String what) {
        return new CannotSend(what + " is not provisioned to this client (see Provisioning)");
    }

    /// The message is too large for Pager Mode (7.2.1.3/size), and Large Message Mode is not there
    /// yet.
    public static final class TooLarge extends CannotSend {
        private static final long serialVersionUID = 1;
        private final int size;
        private final int limit;

        TooLarge(String what, int size, int limit) {
            super(
                    "%s has %d octets, Pager Mode takes %d; Large Message Mode is not available yet"
                            .formatted(what, size, limit));
            this.size = size;
            this.limit = limit;
        }

        /// Octets counted.
        public int size() {
            return size;
        }

        /// Octets allowed.
        public int limit() {
            return limit;
        }
    }

    /// The list is longer than the provisioned maximum. It is not split: the parts would have
    /// different Contribution-IDs (reading 84).
    public static final class TooManyRecipients extends CannotSend {
        private static final long serialVersionUID = 1;

        TooManyRecipients(int recipients, int limit) {
            super(
                    "%d recipients, at most %d are allowed for one message"
                            .formatted(recipients, limit));
        }
    }

    /// The message replied to has neither a Reply-To nor an originator that could be answered: it
    /// was sent anonymously (references j).
    public static final class NoReplyAddress extends CannotSend {
        private static final long serialVersionUID = 1;

        NoReplyAddress() {
            super(
                    "the sender of the message is anonymous and gave no reply address: name an"
                            + " address");
        }
    }
}
