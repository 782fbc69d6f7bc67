package org.fanfare.msrp;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which octets of which messages have come over one session: whether a chunk fits to the ones
/// before it (P3, P8, P9). Knows no octet of the content. Chunks come from one thread, refusals
/// from any.
final class IncomingMessages {

    private static final int REMEMBERED = 64;

    private final MsrpLimits limits;
    private final Map<String, Open> open = new HashMap<>();

    /// The status for further chunks of messages that have ended.
    private final Map<String, Integer> ended =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
                    return size() > REMEMBERED;
                }
            };

    private static final class Open {

        long next = 1;
        long total = ByteRange.UNKNOWN;
        boolean begun;
    }

    IncomingMessages(MsrpLimits limits) {
        this.limits = limits;
    }

    /// A chunk begins.
    ///
    /// @return 200, or why it is refused
    synchronized int begin(String id, ByteRange range) {
        var end = ended.get(id);
        if (end != null) {
            return end;
        }
        if (range.total() > limits.messageOctets() || range.end() > limits.messageOctets()) {
            return lost(id, MsrpStatus.STOP_SENDING);
        }
        var message = open.get(id);
        if (message == null) {
            if (open.size() >= limits.openMessages()) {
                return MsrpStatus.STOP_SENDING;
            }
            message = new Open();
            open.put(id, message);
        }
        boolean fits =
                range.start() == message.next
                        && (!message.begun
                                || range.total() == message.total
                                || unsaid(message, range));
        if (!fits) {
            return lost(id, MsrpStatus.BAD_REQUEST);
        }
        message.begun = true;
        if (range.total() != ByteRange.UNKNOWN) {
            message.total = range.total();
        }
        return MsrpStatus.OK;
    }

    /// A total may become known, or be left out where it was known.
    private static boolean unsaid(Open message, ByteRange range) {
        return message.total == ByteRange.UNKNOWN || range.total() == ByteRange.UNKNOWN;
    }

    /// Octets of a message that has begun.
    synchronized int content(String id, int octets) {
        var message = open.get(id);
        if (message == null) {
            return ended.getOrDefault(id, MsrpStatus.BAD_REQUEST);
        }
        message.next += octets;
        long all = message.next - 1;
        if (all > limits.messageOctets()) {
            return lost(id, MsrpStatus.STOP_SENDING);
        }
        boolean tooMany = message.total != ByteRange.UNKNOWN && all > message.total;
        return tooMany ? lost(id, MsrpStatus.BAD_REQUEST) : MsrpStatus.OK;
    }

    /// The chunk ends; 400 for a message that ends with fewer octets than were announced.
    synchronized int end(String id, Continuation continuation) {
        var message = open.get(id);
        if (message == null) {
            return ended.getOrDefault(id, MsrpStatus.BAD_REQUEST);
        }
        return switch (continuation) {
            case MORE -> MsrpStatus.OK;
            case ABORTED -> {
                lost(id, MsrpStatus.BAD_REQUEST);
                yield MsrpStatus.OK;
            }
            case COMPLETE -> {
                lost(id, MsrpStatus.BAD_REQUEST); // for what comes after the end
                boolean all =
                        message.total == ByteRange.UNKNOWN || message.next - 1 == message.total;
                yield all ? MsrpStatus.OK : MsrpStatus.BAD_REQUEST;
            }
        };
    }

    /// No more of this message; later chunks get the status.
    synchronized int lost(String id, int status) {
        open.remove(id);
        ended.put(id, status);
        return status;
    }

    /// Octets of the message that have come.
    synchronized long received(String id) {
        var message = open.get(id);
        return message == null ? 0 : message.next - 1;
    }

    /// Whether any message has begun and not ended.
    synchronized boolean isOpen() {
        return !open.isEmpty();
    }

    /// Whether this one has.
    synchronized boolean isOpen(String id) {
        return open.containsKey(id);
    }
}
