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
