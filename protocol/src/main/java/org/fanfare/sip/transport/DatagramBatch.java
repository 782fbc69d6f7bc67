package org.fanfare.sip.transport;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Datagrams that one system call reads, and those that one sends, of one socket. What goes to the
/// same address and is as long goes as one large message that the system or the network card cuts
/// into datagrams (UDP segmentation offload): through the system once for all of them.
///
/// Belongs to the thread of its arena.
final class DatagramBatch {

    /// What RFC 3261 18.1.1 lets go over UDP where the path MTU is not known; more is sent alone.
    private static final int LONGEST_SENT = 1300;

    private static final int LONGEST_READ = 65_535;

    // struct mmsghdr: a msghdr and the octets read or sent
    private static final int MESSAGE = 64;
    private static final int NAME = 0;
    private static final int NAME_LENGTH = 8;
    private static final int PIECES = 16;
    private static final int PIECE_COUNT = 24;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int READ = 56;

    // struct iovec
    private static final int PIECE = 16;

    // struct cmsghdr and the length of a segment
    private static final int SEGMENTS = 24;
    private static final int SEGMENTS_LENGTH = 18;
    private static final int UDP_LEVEL = 17;
    private static final int UDP_SEGMENT = 103;

    private static final int ADDRESS_ROOM = 32;

    private final DatagramCalls calls;
    private final int socket;
    private final int capacity;

    private final MemorySegment readOctets;
    private final MemorySegment readNames;
    private final MemorySegment readMessages;
    private InetSocketAddress lastRemote = new InetSocketAddress(0);
    private MemorySegment lastName = MemorySegment.NULL;

    private final ByteBuffer sentOctets;
    private final MemorySegment sentNames;
    private final MemorySegment sentPieces;
    private final MemorySegment sentControls;
    private final MemorySegment sentMessages;
    private final MemorySegment sentFrom;
    private final InetSocketAddress[] remotes;
    private final int[] lengths;
    private final boolean[] gathered;
    private final int[] slots;
    private final int[] firsts;
    private int count;
    private boolean segmenting = true;

    /// Takes what the batch could not send.
    interface Alone {

        void send(ByteBuffer datagram, InetSocketAddress remote);
    }

    /// For the thread that owns the arena, in whose memory it is; null where the system has no such
    /// calls.
    static @Nullable DatagramBatch in(Arena arena, InetSocketAddress local, int capacity) {
        var calls = DatagramCalls.in(arena);
        var socket = calls == null ? null : calls.socketAt(local);
        return calls == null || socket == null || socket.isEmpty()
                ? null
                : new DatagramBatch(arena, calls, socket.getAsInt(), capacity);
    }

    private DatagramBatch(Arena arena, DatagramCalls calls, int socket, int capacity) {
        this.calls = calls;
        this.socket = socket;
        this.capacity = capacity;
        readOctets = arena.allocate((long) capacity * LONGEST_READ, Long.BYTES);
        readNames = arena.allocate((long) capacity * ADDRESS_ROOM, Long.BYTES);
        readMessages = arena.allocate((long) capacity * MESSAGE, Long.BYTES);
        var readPieces = arena.allocate((long) capacity * PIECE, Long.BYTES);
        for (int i = 0; i < capacity; i++) {
            setPiece(readPieces, i, readOctets.address() + (long) i * LONGEST_READ, LONGEST_READ);
            setName(readMessages, i, readNames, SocketAddresses.OCTETS);
            setPieces(readMessages, i, readPieces, i, 1);
        }
        sentFrom = arena.allocate((long) capacity * LONGEST_SENT, Long.BYTES);
        sentOctets = sentFrom.asByteBuffer();
        sentNames = arena.allocate((long) capacity * ADDRESS_ROOM, Long.BYTES);
        sentPieces = arena.allocate((long) capacity * PIECE, Long.BYTES);
        sentControls = arena.allocate((long) capacity * SEGMENTS, Long.BYTES);
        sentMessages = arena.allocate((long) capacity * MESSAGE, Long.BYTES);
        remotes = new InetSocketAddress[capacity];
        lengths = new int[capacity];
        gathered = new boolean[capacity];
        slots = new int[capacity];
        firsts = new int[capacity + 1];
    }

    private static void setPiece(MemorySegment pieces, int index, long octets, int length) {
        pieces.set(JAVA_LONG, (long) index * PIECE, octets);
        pieces.set(JAVA_LONG, (long) index * PIECE + Long.BYTES, length);
    }

    private static void setName(
            MemorySegment messages, int index, MemorySegment names, int length) {
        long at = (long) index * MESSAGE;
        messages.set(JAVA_LONG, at + NAME, names.address() + (long) index * ADDRESS_ROOM);
        messages.set(JAVA_INT, at + NAME_LENGTH, length);
    }

    private static void setPieces(
            MemorySegment messages, int index, MemorySegment pieces, int first, int count) {
        long at = (long) index * MESSAGE;
        messages.set(JAVA_LONG, at + PIECES, pieces.address() + (long) first * PIECE);
        messages.set(JAVA_LONG, at + PIECE_COUNT, count);
    }

    /// Reads what is there without waiting; how many.
    int receive() {
        for (int i = 0; i < capacity; i++) {
            readMessages.set(JAVA_INT, (long) i * MESSAGE + NAME_LENGTH, SocketAddresses.OCTETS);
        }
        return Math.max(calls.receive(socket, readMessages, capacity), 0);
    }

    /// Whether more may be there than were read.
    boolean wasFilledBy(int received) {
        return received == capacity;
    }

    /// Whether it has to be flushed before anything can be added.
    boolean isFull() {
        return count == capacity;
    }

    /// One of those that were read last.
    Octets datagram(int index) {
        var octets = new byte[readMessages.get(JAVA_INT, (long) index * MESSAGE + READ)];
        MemorySegment.copy(
                readOctets, JAVA_BYTE, (long) index * LONGEST_READ, octets, 0, octets.length);
        return Octets.of(octets);
    }

    /// Where it came from: the same object as before when it is the same address.
    InetSocketAddress remote(int index) {
        int length = readMessages.get(JAVA_INT, (long) index * MESSAGE + NAME_LENGTH);
        var name = readNames.asSlice((long) index * ADDRESS_ROOM, length);
        if (name.mismatch(lastName) >= 0) {
            lastName = MemorySegment.ofArray(name.toArray(JAVA_BYTE));
            lastRemote = SocketAddresses.read(name);
        }
        return lastRemote;
    }

    /// Puts one with those to be sent; false when it is too long, or empty.
    boolean add(Octets datagram, InetSocketAddress remote) {
        if (datagram.length() > LONGEST_SENT || datagram.isEmpty()) {
            return false;
        }
        datagram.writeTo(sentOctets.position(count * LONGEST_SENT));
        remotes[count] = remote;
        lengths[count] = datagram.length();
        count++;
        return true;
    }

    /// Sends those that were added.
    void flush(Alone alone) {
        int messages = gather();
        int sent = 0;
        while (sent < messages) {
            int now =
                    calls.send(
                            socket, sentMessages.asSlice((long) sent * MESSAGE), messages - sent);
            if (now > 0) {
                sent += now;
                continue;
            }
            noteError(firsts[sent + 1] - firsts[sent]);
            for (int i = firsts[sent]; i < firsts[sent + 1]; i++) {
                alone.send(octets(slots[i]), remotes[slots[i]]);
            }
            sent++;
        }
        count = 0;
    }

    /// The system, the card, or a path for smaller packets does not take such messages.
    private void noteError(int datagrams) {
        int error = calls.error();
        if (datagrams > 1
                && (error == DatagramCalls.EIO
                        || error == DatagramCalls.EINVAL
                        || error == DatagramCalls.ENOPROTOOPT)) {
            segmenting = false;
        }
    }

    private ByteBuffer octets(int slot) {
        return sentOctets.slice(slot * LONGEST_SENT, lengths[slot]);
    }

    /// Makes messages of all datagrams with the same address and length; how many.
    private int gather() {
        Arrays.fill(gathered, false);
        int messages = 0;
        int pieces = 0;
        for (int i = 0; i < count; i++) {
            if (gathered[i]) {
                continue;
            }
            firsts[messages] = pieces;
            int end = segmenting ? count : i + 1;
            for (int j = i; j < end; j++) {
                if (!gathered[j] && lengths[j] == lengths[i] && remotes[j].equals(remotes[i])) {
                    setPiece(
                            sentPieces,
                            pieces,
                            sentFrom.address() + (long) j * LONGEST_SENT,
                            lengths[j]);
                    slots[pieces] = j;
                    gathered[j] = true;
                    pieces++;
                }
            }
            setMessage(messages, i, pieces - firsts[messages]);
            messages++;
        }
        firsts[messages] = pieces;
        return messages;
    }

    /// @param slot of its first datagram, as which the others are
    private void setMessage(int index, int slot, int datagrams) {
        var name = sentNames.asSlice((long) index * ADDRESS_ROOM, SocketAddresses.OCTETS);
        setName(sentMessages, index, sentNames, SocketAddresses.write(remotes[slot], name));
        setPieces(sentMessages, index, sentPieces, firsts[index], datagrams);
        long at = (long) index * MESSAGE;
        long control = (long) index * SEGMENTS;
        if (datagrams > 1) {
            sentControls.set(JAVA_LONG, control, SEGMENTS_LENGTH);
            sentControls.set(JAVA_INT, control + 8, UDP_LEVEL);
            sentControls.set(JAVA_INT, control + 12, UDP_SEGMENT);
            sentControls.set(JAVA_SHORT, control + 16, (short) lengths[slot]);
        }
        sentMessages.set(JAVA_LONG, at + CONTROL, sentControls.address() + control);
        sentMessages.set(JAVA_LONG, at + CONTROL_LENGTH, datagrams > 1 ? SEGMENTS : 0);
    }
}
