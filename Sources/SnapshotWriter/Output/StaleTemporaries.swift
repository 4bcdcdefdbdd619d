import Glibc

/// Removes the hidden files of heapdumps that were killed. A file is its maker's as long as the maker's lock is on it:
/// process ids would not do where containers or hosts share a directory.
enum StaleTemporaries {
    /// - Returns: how many were removed.
    @discardableResult
    static func remove(from directory: OutputDirectory) -> Int {
        var removed = 0
        DirectoryNames.forEach(in: directory.descriptor) { name in
            guard name.hasPrefix(TemporaryFile.namePrefix), name.hasSuffix(TemporaryFile.nameSuffix) else { return }
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
