package org.fanfare.msrp;

import java.nio.ByteBuffer;

/// Takes what comes over one session. All methods are called by the thread that reads the
/// connection, one after the other: to wait in one of them is to make the peer wait.
///
/// Chunks come in the order of their octets, without gap or overlap; what is not so has been
/// refused before. Chunks of different messages may alternate.
public interface MsrpReceiver {

    /// Takes nothing: every chunk is answered with 413.
    MsrpReceiver REFUSING =
            new MsrpReceiver() {
                @Override
                public void onChunk(IncomingChunk chunk) {
                    chunk.respond(MsrpStatus.STOP_SENDING);
                }

                @Override
                public void onContent(IncomingChunk chunk, ByteBuffer octets) {}

                @Override
                public void onEnd(IncomingChunk chunk, Continuation continuation) {}
            };

    /// A chunk begins. To [IncomingChunk#respond] with anything but 200 now, or before its end,
    /// throws its content away and that of all later chunks of the message.
    void onChunk(IncomingChunk chunk);

    /// The next octets of its content, valid during the call.
    void onContent(IncomingChunk chunk, ByteBuffer octets);

    /// The chunk is complete: [IncomingChunk#respond] now, or later from any thread. With
    /// `COMPLETE` so is the message; with `ABORTED` it is lost, and the response was given already.
    void onEnd(IncomingChunk chunk, Continuation continuation);

    /// What had come together, of one chunk or several, was handed over; the connection waits for
    /// more.
    default void onPause() {}

    /// The message will not be completed: a chunk of it was malformed or out of place.
    default void onLost(String messageId, String reason) {}

    default void onReport(Report report) {}

    /// The session ended, other than by our own close: messages that are not complete are lost.
    default void onClosed(String reason) {}
}
