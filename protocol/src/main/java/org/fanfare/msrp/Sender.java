package org.fanfare.msrp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Sends one message: reads its content and cuts it into chunks, several of which go out in one
/// write. Run by the thread that sends; what comes of it is in its [SendAccount].
final class Sender implements MsrpOutput.OpenChunk, SendAccount.Listener {

    private static final int READ = 16 * 1024;

    /// What is written at once of chunks of a size.
    private static final int BATCH = 32 * 1024;

    /// What is written at once of an interruptible chunk.
    private static final int PART = 256 * 1024;

    private static final byte[] NO_OCTETS = {};

    /// From here on a chunk must be interruptible, which its range shows (RFC 4975 7.1.1).
    private static final int LONGEST_WITH_END = 2048;

    private final MsrpConnection connection;
    private final MsrpOutput output;
    private final MsrpCounters counters;
    private final MsrpLimits limits;
    private final OutgoingContent message;
    private final ChunkHead head;
    private final SendAccount account;
    private final int chunkOctets;

    // Of the sending thread.
    private byte[] content = NO_OCTETS;
    private final int mostContent;
    private int contentEnd;
    private int contentStart;
    private final byte[] out;
    private int outEnd;
    private long position;
    private long read;
    private long number;
    private boolean sourceEnded;
    private boolean anyChunk;

    /// Of the open chunk.
    private byte[] before = NO_OCTETS;

    /// Of the part that is being written.
    private int partOctets;

    private volatile boolean chunkOpen;

    private volatile long sent;

    /// Leaves the sending: the reason is in the account.
    private static final class Stopped extends Exception {

        private static final long serialVersionUID = 1;

        Stopped() {
            super(null, null, false, false);
        }
    }

    /// @param number of the first transaction
    Sender(
            MsrpConnection connection,
            MsrpCounters counters,
            MsrpLimits limits,
            OutgoingContent message,
            ChunkHead head,
            long number) {
        this.connection = connection;
        output = connection.output();
        this.counters = counters;
        this.limits = limits;
        this.message = message;
        this.head = head;
        this.number = number;
        boolean answered = message.failureReport() == FailureReport.YES;
        account = new SendAccount(number, answered, limits.responseWithin(), this);
        boolean oneChunk = limits.chunkOctets() == 0;
        chunkOctets = oneChunk ? Integer.MAX_VALUE : limits.chunkOctets();
        long length = message.length() < 0 ? Integer.MAX_VALUE : message.length();
        mostContent = (int) Math.min(length, oneChunk ? READ : Math.max(BATCH, chunkOctets + 1));
        int framing = head.most() + ChunkHead.END_LINE;
        long all = length + framing * (length / chunkOctets + 1);
        long batch = oneChunk ? framing : Math.max(BATCH, framing + chunkOctets);
        out = new byte[(int) Math.min(all, batch)];
    }

    /// Waits until all is acknowledged, or nothing more will come of it.
    SendResult run() {
        try {
            if (limits.chunkOctets() == 0) {
                sendOneChunk();
            } else {
                sendChunks();
            }
            awaitResponses(0);
        } catch (Stopped _) {
            giveUp();
        }
        return account.finish();
    }

    /// The number of the next transaction, after [#run].
    long nextNumber() {
        return number;
    }

    // ---- chunks of a size

    private void sendChunks() throws Stopped {
        do {
            fill();
            while (hasChunk()) {
                appendChunk();
            }
            flush();
        } while (!sourceEnded || contentEnd > contentStart);
    }

    /// A chunk of full size, or the last one. Where the length is not known, the octet after it
    /// must be there, since it tells whether it is the last.
    private boolean hasChunk() {
        int octets = contentEnd - contentStart;
        if (sourceEnded) {
            return octets > 0 || !anyChunk;
        }
        return octets > chunkOctets || (octets == chunkOctets && message.length() >= 0);
    }

    private void appendChunk() throws Stopped {
        int octets = Math.min(contentEnd - contentStart, chunkOctets);
        if (out.length - outEnd < head.most() + octets + ChunkHead.END_LINE) {
            flush();
        }
        awaitRoom(octets);
        while (mayHoldEndLine()
                && head.isIn(number, content, contentStart, contentStart + octets)) {
            number++;
        }
        boolean last = sourceEnded && octets == contentEnd - contentStart;
        boolean withEnd = chunkOctets <= LONGEST_WITH_END;
        long end = withEnd ? position + octets : ByteRange.UNKNOWN;
        counters.chunksSent.increment();
        account.add(number, octets);
        outEnd = head.put(number, position + 1, end, out, outEnd);
        System.arraycopy(content, contentStart, out, outEnd, octets);
        outEnd += octets;
        var flag = last ? Continuation.COMPLETE : Continuation.MORE;
        outEnd = head.putEndLine(number, flag, out, outEnd);
        position += octets;
        contentStart += octets;
        number++;
        anyChunk = true;
    }

    private boolean mayHoldEndLine() {
        return message.source().mayHoldEndLine();
    }

    private void flush() throws Stopped {
        if (outEnd == 0) {
            return;
        }
        checkGoingOn();
        try {
            output.write(out, outEnd);
        } catch (IOException e) {
            throw disconnected(e);
        }
        outEnd = 0;
        onSent(position);
    }

    private void onSent(long upTo) {
        counters.octetsSent.add(upTo - sent);
        sent = upTo;
        account.written(upTo);
    }

    // ---- one interruptible chunk

    private void sendOneChunk() throws Stopped {
        do {
            sendPart(nextPart());
        } while (!sourceEnded);
    }

    /// The next octets, where they are, or a copy.
    private ByteBuffer nextPart() throws Stopped {
        checkGoingOn();
        long due = message.length() < 0 ? PART : Math.min(PART, message.length() - read);
        var view = due > 0 ? view((int) due) : null;
        if (view != null) {
            checkGoingOn();
            read += view.remaining();
            sourceEnded |= message.length() == read;
            return view;
        }
        fill();
        var copy = ByteBuffer.wrap(content, contentStart, contentEnd - contentStart);
        contentStart = contentEnd;
        return copy;
    }

    private @Nullable ByteBuffer view(int most) throws Stopped {
        try {
            return message.source().view(most);
        } catch (IOException e) {
            throw stop(SendResult.Outcome.ABORTED, 0, "the content failed: " + e.getMessage());
        }
    }

    private void sendPart(ByteBuffer part) throws Stopped {
        if (chunkOpen && mayHoldEndLine() && head.isIn(number, before, part)) {
            interruptOwn();
        }
        partOctets = part.remaining();
        boolean written = false;
        while (!written) {
            checkGoingOn();
            boolean begins = !chunkOpen;
            if (begins) {
                beginChunk(part);
            }
            int headEnd = outEnd;
            outEnd = 0;
            int end = headEnd;
            if (sourceEnded) {
                end = head.putEndLine(number, Continuation.COMPLETE, out, headEnd);
            }
            written =
                    writePart(
                            begins,
                            ByteBuffer.wrap(out, 0, headEnd),
                            part.duplicate(),
                            ByteBuffer.wrap(out, headEnd, end - headEnd));
        }
        position += partOctets;
        partOctets = 0;
        before = lastOf(part);
        onSent(position);
        if (sourceEnded) {
            onEnded();
            number++;
        }
    }

    private void onEnded() {
        account.ended(number);
        chunkOpen = false;
    }

    @Override
    public void onWriting() {
        account.more(number, partOctets);
    }

    /// What an end line may begin with that ends in the part to come.
    private byte[] lastOf(ByteBuffer part) {
        int fromBefore = Math.clamp(ChunkHead.END_LINE - part.remaining(), 0, before.length);
        int fromPart = Math.min(ChunkHead.END_LINE, part.remaining());
        var last = new byte[fromBefore + fromPart];
        System.arraycopy(before, before.length - fromBefore, last, 0, fromBefore);
        part.get(part.limit() - fromPart, last, fromBefore, fromPart);
        return last;
    }

    private void beginChunk(ByteBuffer part) {
        if (anyChunk) {
            number++;
        }
        before = NO_OCTETS;
        while (mayHoldEndLine() && head.isIn(number, before, part)) {
            number++;
        }
        anyChunk = true;
        outEnd = head.put(number, position + 1, ByteRange.UNKNOWN, out, 0);
        counters.chunksSent.increment();
        account.addOpen(number);
        chunkOpen = true;
    }

    private boolean writePart(boolean begins, ByteBuffer... octets) throws Stopped {
        try {
            return output.writePart(this, begins, sourceEnded, octets);
        } catch (IOException e) {
            throw disconnected(e);
        }
    }

    /// The content to come holds the end line.
    private void interruptOwn() throws Stopped {
        try {
            var line = interruptLine();
            if (output.writePart(this, false, true, ByteBuffer.wrap(line))) {
                onInterrupted();
            }
        } catch (IOException e) {
            throw disconnected(e);
        }
    }

    @Override
    public byte[] interruptLine() {
        var line = new byte[ChunkHead.END_LINE];
        head.putEndLine(number, Continuation.MORE, line, 0);
        return line;
    }

    @Override
    public void onInterrupted() {
        onEnded();
    }

    // ---- the source

    /// Reads on, behind what is left.
    private void fill() throws Stopped {
        checkGoingOn();
        if (content.length == 0) {
            content = new byte[mostContent];
        }
        int left = contentEnd - contentStart;
        System.arraycopy(content, contentStart, content, 0, left);
        contentStart = 0;
        contentEnd = left;
        int room = content.length - contentEnd;
        long due = message.length() < 0 ? room : Math.min(room, message.length() - read);
        if (due > 0) {
            readSome((int) due);
        }
        sourceEnded |= message.length() == read;
    }

    private void readSome(int most) throws Stopped {
        int octets;
        try {
            octets = message.source().read(ByteBuffer.wrap(content, contentEnd, most).slice());
        } catch (IOException e) {
            throw stop(SendResult.Outcome.ABORTED, 0, "the content failed: " + e.getMessage());
        }
        checkGoingOn();
        if (octets > 0) {
            contentEnd += octets;
            read += octets;
        } else if (octets < 0 && message.length() < 0) {
            sourceEnded = true;
        } else if (octets < 0) {
            throw stop(
                    SendResult.Outcome.ABORTED,
                    0,
                    "the content ended after " + read + " of " + message.length() + " octets");
        }
    }

    // ---- responses

    private void awaitRoom(int octets) throws Stopped {
        long waiting = account.waiting();
        if (waiting > 0 && waiting + octets > limits.unacknowledgedOctets()) {
            flush();
            awaitResponses(Math.max(0, limits.unacknowledgedOctets() / 2 - octets));
        }
    }

    private void awaitResponses(int most) throws Stopped {
        try {
            account.awaitAtMost(most);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stop(SendResult.Outcome.ABORTED, 0, "interrupted");
        }
        checkGoingOn();
    }

    private void checkGoingOn() throws Stopped {
        if (account.failure() != null) {
            throw new Stopped();
        }
    }

    private Stopped disconnected(IOException e) {
        return stop(SendResult.Outcome.DISCONNECTED, 0, String.valueOf(e.getMessage()));
    }

    private Stopped stop(SendResult.Outcome outcome, int status, String reason) {
        account.fail(outcome, status, reason);
        return new Stopped();
    }

    @Override
    public void onFirstAcknowledged() {
        message.source().acknowledged();
    }

    @Override
    public void onFailed() {
        message.source().cancel();
    }

    /// Times out what is overdue; cuts the connection of a peer that does not even take the end.
    void sweep(long now) {
        if (account.isFailedInVain(now) && output.isWriting()) {
            connection.abort("the peer takes nothing");
        } else {
            account.sweep(now);
        }
    }

    /// Tells the peer that no more will come of this message, if it might still wait for more.
    private void giveUp() {
        var failure = account.failure();
        boolean tell =
                failure != null
                        && failure.outcome() != SendResult.Outcome.DISCONNECTED
                        && sent > 0
                        && (chunkOpen || failure.outcome() != SendResult.Outcome.REFUSED)
                        && !isAllWritten();
        if (!tell) {
            return;
        }
        try {
            var end = new byte[head.most() + ChunkHead.END_LINE];
            if (chunkOpen) {
                int length = head.putEndLine(number, Continuation.ABORTED, end, 0);
                chunkOpen = false;
                if (output.writePart(this, false, true, ByteBuffer.wrap(end, 0, length))) {
                    return;
                }
            }
            number++;
            int length = head.put(number, sent + 1, ByteRange.UNKNOWN, end, 0);
            length = head.putEndLine(number, Continuation.ABORTED, end, length);
            number++;
            output.write(end, length);
        } catch (IOException _) {
            return; // then the peer knows anyway
        }
    }

    private boolean isAllWritten() {
        return sourceEnded && sent == read && !chunkOpen;
    }

    long sent() {
        return sent;
    }

    /// What has come of it so far.
    SendAccount account() {
        return account;
    }

    String messageId() {
        return message.messageId();
    }
}
