package dev.fairway.kernel;

import java.nio.file.Path;

/// A file or folder that shows at another place. A target that is a symbolic link is followed, as the kernel does.
/// Without a root of its own (ContainerRoot) the target must exist and be of the same sort as the source.
///
/// @param readOnly nobody can write through this place
public record BindMount(Path source, Path target, boolean readOnly) {

    public BindMount(Path source, Path target) {
        this(source, target, false);
    }
}
