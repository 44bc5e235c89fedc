package dev.fairway.kernel.libc;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// Links functions of the C library. Every linked handle takes, as its first argument, the segment in which the
/// linker stores `errno` right after the call, before the JVM can overwrite it.
@SuppressWarnings("restricted") // this room alone is given native access
final class Ffi {

    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"))
            .withInvokeExactBehavior();

    /// One segment per thread: a shared one would let a second thread overwrite the errno of the first.
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(Linker.Option.captureStateLayout()));

    private Ffi() {}

    static MethodHandle link(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), FunctionDescriptor.of(result, arguments), CAPTURE);
    }

    /// A variadic function: the arguments after the first `fixed` ones are passed as the ABI passes `...` arguments.
    static MethodHandle linkVariadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                SYMBOLS.findOrThrow(name),
                FunctionDescriptor.of(result, Arrays.copyOf(arguments, arguments.length)),
                CAPTURE,
                Linker.Option.firstVariadicArg(fixed));
    }

    static MemorySegment captured() {
        return CAPTURED.get();
    }

    /// The result of a call as the kernel gives it: itself, or the negated errno when the call returned -1.
    static long negatedErrno(long result, MemorySegment captured) {
        return result == -1 ? -(int) ERRNO.get(captured, 0L) : result;
    }

    /// The linker's handles declare `Throwable` but throw nothing: anything that arrives here is a wrong signature.
    static AssertionError wrongSignature(String function, Throwable cause) {
        return new AssertionError("the native signature of " + function + " is wrong", cause);
    }
}
