import Glibc
import Linux

/// Removes the hidden files of heapdumps that were killed. A file is its maker's as long as the maker's lock is on it:
/// process ids would not do where containers or hosts share a directory.
enum StaleTemporaries {
    /// - Returns: how many were removed.
    @discardableResult
    static func remove(from directory: OutputDirectory) -> Int {
        var removed = 0
        guard let names = try? Directory(directory.descriptor) else { return 0 }
        while let name = names.nextName() {
            guard name.hasPrefix(TemporaryFile.namePrefix), name.hasSuffix(TemporaryFile.nameSuffix) else { continue }
            if removeIfStale(name, directory) { removed += 1 }
        }
        return removed
    }

    private static func removeIfStale(_ name: String, _ directory: OutputDirectory) -> Bool {
        guard let file = try? directory.open(name, O_RDWR | O_NONBLOCK), let status = try? file.status(),
            status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid(), flock(file.raw, LOCK_EX | LOCK_NB) == 0
        else { return false }
        return unlinkat(directory.descriptor, name, 0) == 0
    }
}
