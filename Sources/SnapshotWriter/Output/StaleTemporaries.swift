import Glibc

/// Removes the hidden files of heapdumps that were killed. A file is its maker's as long as the maker's lock is on it:
/// process ids would not do where containers or hosts share a directory.
enum StaleTemporaries {
    /// - Returns: how many were removed.
    @discardableResult
    static func remove(from directory: OutputDirectory) -> Int {
        let listing = openat(directory.descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listing >= 0 else { return 0 }
        guard let stream = fdopendir(listing) else {
            close(listing)
            return 0
        }
        defer { closedir(stream) }
        var removed = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name.hasPrefix(TemporaryFile.namePrefix), name.hasSuffix(TemporaryFile.nameSuffix) else { continue }
            if removeIfStale(name, directory.descriptor) { removed += 1 }
        }
        return removed
    }

    private static func removeIfStale(_ name: String, _ directory: Int32) -> Bool {
        let file = openat(directory, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(),
            flock(file, LOCK_EX | LOCK_NB) == 0
        else { return false }
        return unlinkat(directory, name, 0) == 0
    }
}
