package org.fanfare.pf;

import org.fanfare.ledger.StoredAnswer;

/// The final answer to a request, and what is to be done when it is out.
///
/// @param afterwards what may begin only when the sender has the answer
record Answer(StoredAnswer stored, Runnable afterwards) {

    static Answer of(StoredAnswer stored) {
        return new Answer(stored, () -> {});
    }

    static Answer of(int status) {
        return of(new StoredAnswer(status, "", ""));
    }
}
