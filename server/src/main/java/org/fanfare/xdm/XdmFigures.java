package org.fanfare.xdm;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// How often the server of documents was asked since the start, and what came of it.
public final class XdmFigures {

    final LongAdder documents = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder absent = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder skipped = new LongAdder();

    XdmFigures() {}

    /// By a word for each result: a malformed document was a document, too; skipped is what nobody
    /// asked for, because the server does not answer.
    public Map<String, Long> byResult() {
        return Map.of(
                "document", documents.sum(),
                "unchanged", unchanged.sum(),
                "absent", absent.sum(),
                "malformed", malformed.sum(),
                "failed", failed.sum(),
                "skipped", skipped.sum());
    }
}
