package dev.fairway.node.pod.volume;

import java.util.Arrays;

/// One file of a volume that is made from API objects.
///
/// @param mode permission bits
record VolumeFile(byte[] content, int mode) {

    @Override
    public boolean equals(Object other) {
        return other instanceof VolumeFile(byte[] theirs, int bits) && bits == mode && Arrays.equals(content, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content) * 31 + mode;
    }

    @Override
    public String toString() {
        return "VolumeFile[" + content.length + " bytes, mode " + Integer.toOctalString(mode) + "]";
    }
}
