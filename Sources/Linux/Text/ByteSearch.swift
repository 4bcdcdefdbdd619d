import CLinux

extension [UInt8] {
    /// Where `needle` first begins, at `start` or later; nil if nowhere.
    package func firstIndex(of needle: [UInt8], from start: Int) -> Int? {
        guard start < count else { return nil }
        return withUnsafeBytes { haystack in
            let rest = UnsafeRawBufferPointer(rebasing: haystack[start...])
            guard let base = rest.baseAddress, let found = clinux_memmem(base, rest.count, needle, needle.count) else {
                return nil
            }
            return start + (found - UnsafeRawPointer(base))
        }
    }
}
