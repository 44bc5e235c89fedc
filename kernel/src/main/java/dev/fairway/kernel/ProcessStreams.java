package dev.fairway.kernel;

import static dev.fairway.kernel.KernelException.check;

import dev.fairway.kernel.libc.Libc;
import dev.fairway.kernel.libc.ProcessCalls;
import dev.fairway.kernel.libc.Spawn.Source;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Both sides of a process' standard input, output and error: made before the start, since the child inherits its side,
/// which is closed here afterwards.
final class ProcessStreams {

    private static final String NULL_DEVICE = "/dev/null";

    private final List<Source> childSide;
    private final List<Integer> closeAfterStart;
    private final List<Descriptor> ours;
    private final Optional<Pty> terminal;

    private ProcessStreams(
            List<Source> childSide, List<Integer> closeAfterStart, List<Descriptor> ours, Optional<Pty> terminal) {
        this.childSide = childSide;
        this.closeAfterStart = closeAfterStart;
        this.ours = ours;
        this.terminal = terminal;
    }

    /// The three streams as this JVM sees them.
    record Ends(OutputStream input, InputStream output, InputStream error, Optional<Pty> terminal) {

        /// The process has ended: what it printed may still be read, but writing is in vain.
        void processEnded() {
            if (input instanceof DescriptorOutput pump) {
                pump.abandon();
            }
        }

        static Ends none() {
            return new Ends(
                    OutputStream.nullOutputStream(),
                    InputStream.nullInputStream(),
                    InputStream.nullInputStream(),
                    Optional.empty());
        }
    }

    static ProcessStreams open(Stdio stdio) {
        return switch (stdio) {
            case Stdio.Logs logs -> logs(logs.output(), logs.error());
            case Stdio.Attachable attachable -> logs(attachable.output(), attachable.output());
            case Stdio.Pipes pipes -> pipes();
            case Stdio.Terminal size -> terminal(Pty.open(size.rows(), size.columns()));
        };
    }

    private static ProcessStreams logs(Path output, Path error) {
        int append = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_APPEND;
        List<Source> sources = List.of(
                new Source.OpenedFile(NULL_DEVICE, Libc.O_RDONLY),
                new Source.OpenedFile(output.toAbsolutePath().toString(), append),
                new Source.OpenedFile(error.toAbsolutePath().toString(), append));
        return new ProcessStreams(sources, List.of(), List.of(), Optional.empty());
    }

    private static ProcessStreams pipes() {
        List<Integer> reading = new ArrayList<>();
        List<Integer> writing = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(ValueLayout.JAVA_INT, 2);
            for (int i = 0; i < 3; i++) {
                check(ProcessCalls.pipe(ends), "make", "pipe");
                reading.add(ends.getAtIndex(ValueLayout.JAVA_INT, 0));
                writing.add(ends.getAtIndex(ValueLayout.JAVA_INT, 1));
            }
        } catch (KernelException e) {
            reading.forEach(Libc::close);
            writing.forEach(Libc::close);
            throw e;
        }
        List<Integer> childs = List.of(reading.get(0), writing.get(1), writing.get(2));
        List<Descriptor> ours =
                List.of(new Descriptor(writing.get(0)), new Descriptor(reading.get(1)), new Descriptor(reading.get(2)));
        return new ProcessStreams(
                childs.stream().<Source>map(Source.Descriptor::new).toList(), childs, ours, Optional.empty());
    }

    private static ProcessStreams terminal(Pty pty) {
        Source slave = new Source.OpenedFile(pty.path(), Libc.O_RDWR);
        return new ProcessStreams(
                List.of(slave, new Source.Descriptor(0), new Source.Descriptor(0)),
                List.of(),
                List.of(pty.master()),
                Optional.of(pty));
    }

    /// What the child gets as descriptors 0, 1 and 2.
    List<Source> childSide() {
        return childSide;
    }

    /// To be called once after the child was started.
    Ends started(String name) {
        closeAfterStart.forEach(Libc::close);
        if (terminal.isPresent()) {
            Descriptor master = ours.getFirst();
            return new Ends(
                    new DescriptorOutput(master, false, name + "-stdin"),
                    new DescriptorInput(master, name + "-stdout"),
                    InputStream.nullInputStream(),
                    terminal);
        }
        if (ours.isEmpty()) {
            return Ends.none();
        }
        return new Ends(
                new DescriptorOutput(ours.get(0), true, name + "-stdin"),
                new DescriptorInput(ours.get(1), name + "-stdout"),
                new DescriptorInput(ours.get(2), name + "-stderr"),
                Optional.empty());
    }

    /// To be called instead of `started` when there is no child.
    void abandon() {
        closeAfterStart.forEach(Libc::close);
        ours.forEach(Descriptor::close);
    }
}
