package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.Warning;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// Where a refusal becomes an answer, and where requests that were sent to nobody are counted.
final class Refusals {

    private static final String SERVER = ReleaseVersion.OMA_2_2.serverProduct(); // reading 78

    private final Self self;
    private final Map<Integer, LongAdder> byStatus = new ConcurrentSkipListMap<>();

    Refusals(Self self) {
        this.self = self;
    }

    SipResponse answer(SipRequest request, Refusal refusal) {
        count(refusal.status());
        var response = request.answer(refusal.status()).header(CpmHeader.SERVER, SERVER);
        if (!refusal.warning().isEmpty() && refusal.status() >= 300) { // no word of what is dropped
            response.header(
                    "Warning", new Warning(Warning.MISCELLANEOUS, self.host(), refusal.warning()));
        }
        refusal.headers().forEach(field -> response.header(field.name(), field.value()));
        return response.build();
    }

    void count(int status) {
        byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    /// How many, by the status of the answer.
    SortedMap<Integer, Long> figures() {
        var figures = new TreeMap<Integer, Long>();
        byStatus.forEach((status, count) -> figures.put(status, count.sum()));
        return figures;
    }
}
