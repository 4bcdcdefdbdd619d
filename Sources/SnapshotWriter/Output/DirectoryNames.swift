import Glibc

/// The names in a directory that is open.
enum DirectoryNames {
    /// None where it cannot be listed.
    /// - Parameters:
    ///   - directory: a descriptor, which stays the caller's.
    ///   - body: may remove what it is told of.
    static func forEach(in directory: Int32, _ body: (String) -> Void) {
        // Opened anew: a descriptor that is read has a place of its own.
        let listing = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard listing >= 0 else { return }
        guard let stream = fdopendir(listing) else {
            close(listing)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            body(
                withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                    tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                })
        }
    }
}
