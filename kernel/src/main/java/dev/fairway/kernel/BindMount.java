package dev.fairway.kernel;

import java.nio.file.Path;

/// A file or folder that shows at another place. A target that is a symbolic link is followed, as the kernel does;
/// it must exist and be of the same sort as the source.
public record BindMount(Path source, Path target) {}
