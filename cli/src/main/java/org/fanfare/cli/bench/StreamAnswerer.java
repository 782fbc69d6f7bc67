package org.fanfare.cli.bench;

import java.nio.ByteBuffer;

/// Who answers SIP requests in a load test.
interface StreamAnswerer {

    /// Reads one request from `octets[from, to)` and appends its answer; `false` when it has none.
    boolean answer(byte[] octets, int from, int to, ByteBuffer answer);
}
