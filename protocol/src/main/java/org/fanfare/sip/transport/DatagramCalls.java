package org.fanfare.sip.transport;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Locale;
import java.util.OptionalInt;

/// The calls of Linux for many datagrams at once, which the JDK has no class for. Where they are
/// not to be had, or this module may not call native code, everybody uses the channel instead.
final class DatagramCalls {

    static final int EIO = 5;
    static final int EINVAL = 22;
    static final int ENOPROTOOPT = 92;

    private static final int DO_NOT_WAIT = 0x40;
    private static final int SOCKET_LEVEL = 1;
    private static final int TYPE = 3;
    private static final int DATAGRAMS = 2;

    private final Linker linker = Linker.nativeLinker();
    private final MethodHandle receive;
    private final MethodHandle send;
    private final MemorySegment state;
    private final VarHandle error;

    private DatagramCalls(Arena arena) {
        var layout = Linker.Option.captureStateLayout();
        state = arena.allocate(layout);
        error = layout.varHandle(PathElement.groupElement("errno"));
        receive = call("recvmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
        send = call("sendmmsg", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    }

    /// For the thread that owns the arena; null where they are not to be had.
    static @Nullable DatagramCalls in(Arena arena) {
        return isLinux() && DatagramCalls.class.getModule().isNativeAccessEnabled()
                ? new DatagramCalls(arena)
                : null;
    }

    /// Of 64 bits, and with the order of octets that the layouts here have.
    private static boolean isLinux() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")
                && ADDRESS.byteSize() == Long.BYTES
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    @SuppressWarnings("restricted") // asked for in #in
    private MethodHandle call(String name, MemoryLayout... arguments) {
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, arguments),
                Linker.Option.captureCallState("errno"));
    }

    /// How many datagrams were there, at most `count`; negative for none or an error.
    int receive(int socket, MemorySegment messages, int count) {
        return called(() ->
                (int)
                        receive.invokeExact(
                                state, socket, messages, count, DO_NOT_WAIT, MemorySegment.NULL));
    }

    /// How many messages went; negative when the first did not, for which see [#error].
    int send(int socket, MemorySegment messages, int count) {
        return called(() -> (int) send.invokeExact(state, socket, messages, count, DO_NOT_WAIT));
    }

    /// Of the call that failed last.
    int error() {
        return (int) error.get(state, 0L);
    }

    /// The number of the datagram socket that is bound to exactly this address, which is one at
    /// most. The JDK does not tell that of a channel.
    OptionalInt socketAt(InetSocketAddress local) {
        var name = call("getsockname", JAVA_INT, ADDRESS, ADDRESS);
        var option = call("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
        var numbers = new File("/proc/self/fd").list();
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(SocketAddresses.OCTETS, Long.BYTES);
            var wanted = arena.allocate(SocketAddresses.OCTETS, Long.BYTES);
            int octets = SocketAddresses.write(local, wanted);
            var length = arena.allocate(JAVA_INT);
            var type = arena.allocate(JAVA_INT);
            for (var number : numbers == null ? new String[0] : numbers) {
                int socket = Integer.parseInt(number);
                length.set(JAVA_INT, 0, SocketAddresses.OCTETS);
                address.fill((byte) 0);
                if (called(() -> (int) name.invokeExact(state, socket, address, length)) != 0
                        || length.get(JAVA_INT, 0) != octets
                        || address.mismatch(wanted) >= 0) {
                    continue;
                }
                length.set(JAVA_INT, 0, Integer.BYTES);
                if (called(
                                        () ->
                                                (int)
                                                        option.invokeExact(
                                                                state,
                                                                socket,
                                                                SOCKET_LEVEL,
                                                                TYPE,
                                                                type,
                                                                length))
                                == 0
                        && type.get(JAVA_INT, 0) == DATAGRAMS) {
                    return OptionalInt.of(socket);
                }
            }
            return OptionalInt.empty();
        }
    }

    private interface NativeCall {

        int make() throws Throwable;
    }

    /// Calls of the system throw nothing; what is declared is that of any method handle.
    private static int called(NativeCall call) {
        try {
            return call.make();
        } catch (RuntimeException | Error fault) {
            throw fault;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
