package dev.fairway.kernel.libc;

import static dev.fairway.kernel.libc.Ffi.INT;
import static dev.fairway.kernel.libc.Ffi.POINTER;
import static dev.fairway.kernel.libc.Ffi.captured;
import static dev.fairway.kernel.libc.Ffi.link;
import static dev.fairway.kernel.libc.Ffi.wrongSignature;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/// `posix_spawn` of the calling thread: the child is born in that thread's namespaces, also after
/// `unshare(CLONE_NEWPID)`, when the thread may no longer start threads, which rules out `ProcessBuilder` there.
///
/// The child leads a session of its own, has every signal at its default and unblocked (the JVM blocks SIGQUIT), and
/// no descriptors but 0, 1 and 2. Needs glibc 2.34.
public final class Spawn {

    private static final short SETSIGDEF = 4;
    private static final short SETSIGMASK = 8;
    private static final short SETSID = 0x80;

    private static final long OPAQUE_BYTES = 512; // posix_spawnattr_t has 336, file actions 80
    private static final long SIGNAL_SET_BYTES = 128;
    /// All but SIGKILL, SIGSTOP, which have no action, and 32 and 33, which glibc keeps for itself.
    private static final long CHANGEABLE_SIGNALS = ~(1L << 8 | 1L << 18 | 1L << 31 | 1L << 32);

    private static final MethodHandle SPAWN =
            link("posix_spawn", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
    private static final MethodHandle ATTRIBUTES_INIT = link("posix_spawnattr_init", INT, POINTER);
    private static final MethodHandle ATTRIBUTES_DESTROY = link("posix_spawnattr_destroy", INT, POINTER);
    private static final MethodHandle SET_FLAGS =
            link("posix_spawnattr_setflags", INT, POINTER, ValueLayout.JAVA_SHORT);
    private static final MethodHandle SET_DEFAULTS = link("posix_spawnattr_setsigdefault", INT, POINTER, POINTER);
    private static final MethodHandle SET_MASK = link("posix_spawnattr_setsigmask", INT, POINTER, POINTER);
    private static final MethodHandle ACTIONS_INIT = link("posix_spawn_file_actions_init", INT, POINTER);
    private static final MethodHandle ACTIONS_DESTROY = link("posix_spawn_file_actions_destroy", INT, POINTER);
    private static final MethodHandle ADD_OPEN =
            link("posix_spawn_file_actions_addopen", INT, POINTER, INT, POINTER, INT, INT);
    private static final MethodHandle ADD_DUP2 = link("posix_spawn_file_actions_adddup2", INT, POINTER, INT, INT);
    private static final MethodHandle ADD_CHDIR = link("posix_spawn_file_actions_addchdir_np", INT, POINTER, POINTER);
    private static final MethodHandle ADD_CLOSE_FROM =
            link("posix_spawn_file_actions_addclosefrom_np", INT, POINTER, INT);

    private Spawn() {}

    /// Where one of the child's three descriptors comes from.
    public sealed interface Source {

        /// A file that the child opens. Opening a terminal as a session leader makes it the controlling terminal.
        record OpenedFile(String path, int flags) implements Source {}

        /// A descriptor of this process.
        record Descriptor(int fd) implements Source {}
    }

    /// @param path the program's file
    /// @param arguments with the program's name first
    /// @param environment entries `NAME=value`
    /// @param descriptors what becomes descriptor 0, 1 and 2, in this order
    /// @return the child's pid, or the negated errno, also of a failed exec, open or change of directory
    public static int spawn(
            String path,
            List<String> arguments,
            List<String> environment,
            String directory,
            List<? extends Source> descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
            MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
            prepare(attributes, arena);
            addActions(actions, arena, directory, descriptors);
            MemorySegment pid = arena.allocate(INT);
            MemorySegment program = arena.allocateFrom(path);
            MemorySegment argv = strings(arena, arguments);
            MemorySegment envp = strings(arena, environment);
            int error = (int) SPAWN.invokeExact(captured(), pid, program, actions, attributes, argv, envp);
            destroy(ATTRIBUTES_DESTROY, attributes);
            destroy(ACTIONS_DESTROY, actions);
            return error == 0 ? pid.get(INT, 0) : -error;
        } catch (Throwable e) {
            throw wrongSignature("posix_spawn", e);
        }
    }

    private static void prepare(MemorySegment attributes, Arena arena) throws Throwable {
        MemorySegment none = arena.allocate(SIGNAL_SET_BYTES, 8);
        MemorySegment all = arena.allocate(SIGNAL_SET_BYTES, 8);
        all.set(ValueLayout.JAVA_LONG, 0, CHANGEABLE_SIGNALS);
        short flags = (short) (SETSIGDEF | SETSIGMASK | SETSID);
        int results = (int) ATTRIBUTES_INIT.invokeExact(captured(), attributes);
        results |= (int) SET_FLAGS.invokeExact(captured(), attributes, flags);
        results |= (int) SET_DEFAULTS.invokeExact(captured(), attributes, all);
        results |= (int) SET_MASK.invokeExact(captured(), attributes, none);
        expectNone(results);
    }

    private static void addActions(
            MemorySegment actions, Arena arena, String directory, List<? extends Source> descriptors) throws Throwable {
        int results = (int) ACTIONS_INIT.invokeExact(captured(), actions);
        for (int target = 0; target < descriptors.size(); target++) {
            results |= switch (descriptors.get(target)) {
                case Source.OpenedFile file -> addOpen(actions, arena, target, file);
                case Source.Descriptor source -> (int) ADD_DUP2.invokeExact(captured(), actions, source.fd(), target);
            };
        }
        MemorySegment folder = arena.allocateFrom(directory);
        results |= (int) ADD_CHDIR.invokeExact(captured(), actions, folder);
        results |= (int) ADD_CLOSE_FROM.invokeExact(captured(), actions, 3);
        expectNone(results);
    }

    private static int addOpen(MemorySegment actions, Arena arena, int target, Source.OpenedFile file)
            throws Throwable {
        MemorySegment path = arena.allocateFrom(file.path());
        return (int) ADD_OPEN.invokeExact(captured(), actions, target, path, file.flags(), 0600);
    }

    private static void destroy(MethodHandle function, MemorySegment opaque) throws Throwable {
        int ignored = (int) function.invokeExact(captured(), opaque);
    }

    private static void expectNone(int errors) {
        if (errors != 0) {
            throw new IllegalStateException("posix_spawn cannot be prepared: errno " + errors);
        }
    }

    private static MemorySegment strings(Arena arena, List<String> texts) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, texts.size() + 1L); // zeroed: ends with NULL
        for (int i = 0; i < texts.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(texts.get(i)));
        }
        return array;
    }
}
